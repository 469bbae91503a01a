"""Writes a model file of more than 4 GB: many users, few items, mostly a hole in the file."""
# SPDX-License-Identifier: Apache-2.0
import json
import struct
import sys

import numpy

users, items, dimension = 16_000_000, 1000, 64


def texts(name, count):
    parts = numpy.char.add(name, numpy.arange(count).astype(str))
    data = "".join(parts).encode()
    offsets = numpy.concatenate([[0], numpy.cumsum(numpy.char.str_len(parts))]).astype("<i8")
    order = numpy.argsort(parts).astype("<i4")
    return data, offsets, order


user_ids, user_offsets, user_order = texts("u", users)
item_ids, item_offsets, item_order = texts("i", items)
arrays = [
    ("item_id_offsets", "I64", [items + 1], item_offsets.tobytes()),
    ("user_id_offsets", "I64", [users + 1], user_offsets.tobytes()),
    ("mean", "F64", [1], struct.pack("<d", 0)),
    ("items", "F32", [items, dimension], numpy.ones((items, dimension), "<f4").tobytes()),
    ("users", "F32", [users, dimension], None),
    ("user_id_order", "I32", [users], user_order.tobytes()),
    ("item_id_order", "I32", [items], item_order.tobytes()),
    ("user_ids", "U8", [len(user_ids)], user_ids),
    ("item_ids", "U8", [len(item_ids)], item_ids),
]
header, place = {"__metadata__": {"format": "kindred-model 1", "method": "none"}}, 0
for name, dtype, shape, data in arrays:
    size = len(data) if data is not None else users * dimension * 4
    header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [place, place + size]}
    place += size
text = json.dumps(header).encode()
text += b" " * (-(8 + len(text)) % 64)
with open(sys.argv[1], "wb") as file:
    file.write(struct.pack("<Q", len(text)) + text)
    for name, _, _, data in arrays:
        # A hole reads as zeros and takes no room.
        if data is None:
            file.seek(users * dimension * 4, 1)
        else:
            file.write(data)
