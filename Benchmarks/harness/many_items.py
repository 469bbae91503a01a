"""Writes a model file of random vectors: few users, many items, of lengths that differ by half.

usage: many_items.py MODEL USERS ITEMS DIMENSION
"""
# SPDX-License-Identifier: Apache-2.0
import json
import struct
import sys

import numpy

users, items, dimension = map(int, sys.argv[2:5])
random = numpy.random.default_rng(1)


def texts(name, count):
    parts = [f"{name}{row}" for row in range(count)]
    offsets = numpy.concatenate([[0], numpy.cumsum([len(part) for part in parts])]).astype("<i8")
    order = numpy.argsort(numpy.array(parts)).astype("<i4")
    return "".join(parts).encode(), offsets.tobytes(), order.tobytes()


def vectors(count, lengths):
    table = random.standard_normal((count, dimension), dtype=numpy.float32)
    return (table * lengths[:, None]).astype("<f4").tobytes()


user_ids, user_offsets, user_order = texts("u", users)
item_ids, item_offsets, item_order = texts("i", items)
lengths = numpy.exp(0.5 * random.standard_normal(items, dtype=numpy.float32))
arrays = [
    ("item_id_offsets", "I64", [items + 1], item_offsets),
    ("user_id_offsets", "I64", [users + 1], user_offsets),
    ("mean", "F64", [1], struct.pack("<d", 0)),
    ("items", "F32", [items, dimension], vectors(items, lengths)),
    ("users", "F32", [users, dimension], vectors(users, numpy.ones(users, numpy.float32))),
    ("user_id_order", "I32", [users], user_order),
    ("item_id_order", "I32", [items], item_order),
    ("user_ids", "U8", [len(user_ids)], user_ids),
    ("item_ids", "U8", [len(item_ids)], item_ids),
]
header, place = {"__metadata__": {"format": "kindred-model 1", "method": "none"}}, 0
for name, dtype, shape, data in arrays:
    header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [place, place + len(data)]}
    place += len(data)
text = json.dumps(header).encode()
text += b" " * (-(8 + len(text)) % 64)
with open(sys.argv[1], "wb") as file:
    file.write(struct.pack("<Q", len(text)) + text)
    for _, _, _, data in arrays:
        file.write(data)
