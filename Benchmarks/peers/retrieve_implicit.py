"""Recommends with implicit from the vectors in a model file, without what users have seen.

usage: retrieve_implicit.py MODEL USERS THREADS
"""
# SPDX-License-Identifier: Apache-2.0
import json
import statistics
import sys
import time

import numpy
import scipy.sparse
from implicit.cpu.als import AlternatingLeastSquares
from safetensors.numpy import load_file
from threadpoolctl import threadpool_limits

tensors = load_file(sys.argv[1])
count, threads = int(sys.argv[2]), int(sys.argv[3])
offsets = tensors["history_offsets"]
seen = scipy.sparse.csr_matrix(
    (numpy.ones(offsets[-1], numpy.float32), tensors["history_items"], offsets),
    (tensors["users"].shape[0], tensors["items"].shape[0]))[:count]
model = AlternatingLeastSquares(factors=tensors["users"].shape[1], num_threads=threads)
model.user_factors, model.item_factors = tensors["users"], tensors["items"]
users = numpy.arange(count)
seconds = []
# Its own threads take a part of the users each; BLAS' threads beside them only slow them down.
with threadpool_limits(1, "blas"):
    for _ in range(4):
        start = time.perf_counter()
        items, scores = model.recommend(users, seen, N=10, filter_already_liked_items=True)
        seconds.append(time.perf_counter() - start)
print(json.dumps({"seconds": statistics.median(seconds[1:]), "users": len(items),
                  "sum": float(scores.sum(dtype=numpy.float64))}))
