"""Searches the best items with Faiss' flat index of inner products, seen items included.

usage: retrieve_faiss.py MODEL USERS THREADS together|alone
"""
# SPDX-License-Identifier: Apache-2.0
import json
import statistics
import sys
import time

import faiss
import numpy
from safetensors.numpy import load_file

tensors = load_file(sys.argv[1])
count, alone = int(sys.argv[2]), sys.argv[4] == "alone"
faiss.omp_set_num_threads(int(sys.argv[3]))
index = faiss.IndexFlatIP(tensors["items"].shape[1])
index.add(tensors["items"])
users = numpy.ascontiguousarray(tensors["users"][:count])
seconds, total = [], 0.0
if alone:
    for call in range(count):
        start = time.perf_counter()
        scores, _ = index.search(users[call:call + 1], 10)
        seconds.append(time.perf_counter() - start)
        total += float(scores.sum(dtype=numpy.float64))
    seconds = seconds[count // 5:]
else:
    for _ in range(4):
        start = time.perf_counter()
        scores, _ = index.search(users, 10)
        seconds.append(time.perf_counter() - start)
    seconds, total = seconds[1:], float(scores.sum(dtype=numpy.float64))
print(json.dumps({"seconds": statistics.median(seconds), "users": count, "sum": total}))
