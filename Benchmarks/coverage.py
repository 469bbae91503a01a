"""The share of ratings inside the intervals that a model of samples gives them.

usage: coverage.py MODEL TEST (lines of user, item, rating, ... between tabs)

A check from outside: it reads the samples out of the model file and knows nothing of Kindred's
own intervals.
"""
# SPDX-License-Identifier: Apache-2.0
import json
import sys

import numpy
from safetensors.numpy import load_file

tensors = load_file(sys.argv[1])
# The normal distribution's 95 % quantile: an interval of 90 %.
REACH = 1.6448536269514722


def rows(name):
    data, offsets = tensors[name + "_ids"].tobytes(), tensors[name + "_id_offsets"]
    return {data[a:b].decode(): row for row, (a, b) in enumerate(zip(offsets, offsets[1:]))}


users, items = rows("user"), rows("item")
noise = tensors["noise_precision"].ravel()
count = len(noise)
known, total = [], 0
for line in open(sys.argv[2]):
    user, item, rating = line.split("\t")[:3]
    total += 1
    if user in users and item in items:
        known.append((users[user], items[item], float(rating)))
user, item, rating = (numpy.array(column) for column in zip(*known))
# [sample, user, width]; the users' side carries 1/S.
x = count * tensors["users"].reshape(len(users), count, -1).transpose(1, 0, 2)
y = tensors["items"].reshape(len(items), count, -1).transpose(1, 0, 2)
scores = tensors["mean"][0] + numpy.stack(
    [numpy.einsum("ij,ij->i", x[s][user], y[s][item], dtype=numpy.float64) for s in range(count)])
deviation = numpy.sqrt(scores.var(axis=0) + (1 / noise).mean())
inside = numpy.abs(rating - scores.mean(axis=0)) <= REACH * deviation
print(json.dumps({
    "coverage": float(inside.sum() / total), "width": float(2 * REACH * deviation.mean()),
    "unknown": total - len(known)}))
