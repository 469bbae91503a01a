# A server on this machine that misbehaves by path. Standard library only.
# SPDX-License-Identifier: Apache-2.0
#
# server.py FILE LOG serves the bytes of FILE on a port of its own, prints the port, writes a line
# "PATH RANGE" to LOG for each request, and ends when its standard input does.

import hashlib
import http.server
import os
import socketserver
import sys
import threading

CONTENT = open(sys.argv[1], "rb").read()
LOG = sys.argv[2]
BREAKS = {"breaks-once": 1, "breaks-once-without-ranges": 1}
lock = threading.Lock()
counts = {}


def first(path):
    """How often this path was asked for before."""
    with lock:
        counts[path] = counts.get(path, 0) + 1
        return counts[path] - 1


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def start(self):
        """The byte that the client wants to begin at."""
        wanted = self.headers.get("Range", "")
        return int(wanted[6:].split("-")[0]) if wanted.startswith("bytes=") else 0

    def head(self, status, length, *more):
        self.send_response(status)
        self.send_header("Content-Length", str(length))
        for name, value in more:
            self.send_header(name, value)
        self.end_headers()

    def body(self, body, claimed=None, sent=None, ranges=True):
        """Sends a body, or its first `sent` bytes under a claimed length."""
        start = self.start() if ranges else 0
        if start >= len(body) and start > 0:
            return self.head(416, 0, ("Content-Range", "bytes */%d" % len(body)))
        rest = body[start:]
        length = len(rest) if claimed is None else claimed
        if start > 0:
            self.head(206, length, ("Content-Range", "bytes %d-%d/%d" % (start, len(body) - 1, len(body))))
        else:
            self.head(200, length)
        part = rest if sent is None else rest[:sent]
        self.wfile.write(part)
        self.wfile.flush()
        if len(part) != length:
            self.close_connection = True

    def do_GET(self):
        name = self.path.lstrip("/").split(".")[0]
        with lock:
            with open(LOG, "a") as log:
                log.write("%s %s\n" % (self.path, self.headers.get("Range", "-")))
        try:
            self.answer(name)
        except (BrokenPipeError, ConnectionResetError):
            pass

    def answer(self, name):
        size = len(CONTENT)
        if self.path.endswith(".md5"):
            text = "MD5 (%s) = %s\n" % (name, hashlib.md5(CONTENT).hexdigest())
            if name == "untold":
                text = "<html>no sum here</html>\n"
            if name == "unmatched":
                text = "0" * 32 + "  unmatched.zip\n"
            self.body(text.encode())
        elif name in BREAKS:
            breaks = first(name) < BREAKS[name]
            ranges = not name.endswith("without-ranges")
            self.body(CONTENT, sent=size // 3 if breaks else None, ranges=ranges)
        elif name == "breaks-always":
            # Each answer is a little further on, and never the whole.
            self.body(CONTENT, sent=size // 10)
        elif name == "breaks-at-once":
            self.close_connection = True
        elif name == "without-ranges":
            self.body(CONTENT, ranges=False)
        elif name == "claims-more":
            self.body(CONTENT, claimed=size + 1000, ranges=False)
        elif name == "claims-less":
            self.body(CONTENT, claimed=size // 2, sent=size // 2, ranges=False)
        elif name == "another":
            self.body(bytes(255 - byte for byte in CONTENT))
        elif name == "page":
            self.body(b"<html>Pay for this network, please.</html>", ranges=False)
        elif name == "stalls":
            self.head(200, size)
            self.wfile.write(CONTENT[: size // 4])
            self.wfile.flush()
            threading.Event().wait()
        elif name == "status":
            self.head(int(self.path.split(".")[1]), 0)
        elif name == "busy-once":
            self.head(503, 0) if first(name) == 0 else self.body(CONTENT)
        elif name == "moved":
            self.head(302, 0, ("Location", "/good.zip"))
        elif name == "moved-to-file":
            self.head(302, 0, ("Location", "file:///etc/hostname"))
        elif name == "round":
            self.head(302, 0, ("Location", "/round.zip"))
        elif name == "endless":
            self.send_response(200)
            self.send_header("Connection", "close")
            self.end_headers()
            self.close_connection = True
            while True:
                self.wfile.write(CONTENT)
        else:
            self.body(CONTENT)


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True


server = Server(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_address[1], flush=True)
sys.stdin.read()
os._exit(0)
