"""Ranks all items for all test users with implicit's evaluation, from vectors in a model file.

usage: evaluate_implicit.py MODEL TEST (lines of a user and items, the ids as in the model)
"""
# SPDX-License-Identifier: Apache-2.0
import json
import sys
import time

import numpy
import scipy.sparse
from implicit.cpu.als import AlternatingLeastSquares
from implicit.evaluation import ranking_metrics_at_k
from safetensors.numpy import load_file

tensors = load_file(sys.argv[1])


def ids(name):
    data, offsets = tensors[name + "_ids"].tobytes(), tensors[name + "_id_offsets"]
    return {data[a:b].decode(): row for row, (a, b) in enumerate(zip(offsets, offsets[1:]))}


users, items = ids("user"), ids("item")
shape = (len(users), len(items))
offsets = tensors["history_offsets"]
train = scipy.sparse.csr_matrix(
    (numpy.ones(offsets[-1], numpy.float32), tensors["history_items"], offsets), shape
)
rows, columns = [], []
for line in open(sys.argv[2]):
    user, *listed = line.split()
    for item in listed:
        if user in users and item in items:
            rows.append(users[user])
            columns.append(items[item])
test = scipy.sparse.csr_matrix((numpy.ones(len(rows), numpy.float32), (rows, columns)), shape)
model = AlternatingLeastSquares(factors=tensors["users"].shape[1])
model.user_factors, model.item_factors = tensors["users"], tensors["items"]
start = time.perf_counter()
found = ranking_metrics_at_k(model, train, test, K=20, show_progress=False, num_threads=0)
seconds = time.perf_counter() - start
print(json.dumps({"seconds": seconds, "ndcg@20": found["ndcg"]}))
