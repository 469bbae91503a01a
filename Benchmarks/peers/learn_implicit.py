"""Learns with implicit's weighted ALS and prints the seconds and what both libraries minimize.

usage: learn_implicit.py TRAIN LEAST DIMENSION ITERATIONS UNOBSERVED REGULARIZATION THREADS [exact]
  Lines are a user, an item and a rating, the ids being small whole numbers; ratings from LEAST up are
  interactions.

With the penalties of Kindred's `ials` at the exponent 0, implicit minimizes the same thing, times a
number, for alpha = 1 + 1/UNOBSERVED and regularization = alpha * REGULARIZATION; its factors are
those of Kindred times sqrt(alpha / (alpha - 1)). The objective is printed as Kindred states it. Rows are solved
by conjugate gradients, as is implicit's default; with exact, by Cholesky factors.
"""
# SPDX-License-Identifier: Apache-2.0
import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # as implicit asks for: its own threads share the rows

import json
import sys
import time

import numpy
import pandas
import scipy.sparse
from implicit.als import AlternatingLeastSquares

train = sys.argv[1]
least, unobserved, regularization = float(sys.argv[2]), float(sys.argv[5]), float(sys.argv[6])
dimension, iterations, threads = int(sys.argv[3]), int(sys.argv[4]), int(sys.argv[7])
types = {0: numpy.int32, 1: numpy.int32, 2: numpy.float32}
alpha = 1 + 1 / unobserved

start = time.perf_counter()
ratings = pandas.read_csv(train, sep=" ", header=None, dtype=types)
ratings = ratings[ratings[2] >= least]
users, items = ratings[0].factorize()[0], ratings[1].factorize()[0]
matrix = scipy.sparse.csr_matrix((numpy.ones(len(users), numpy.float32), (users, items)))
reading = time.perf_counter() - start

model = AlternatingLeastSquares(
    factors=dimension, regularization=alpha * regularization, alpha=alpha, iterations=iterations,
    use_cg="exact" not in sys.argv[8:], use_gpu=False, num_threads=threads, random_state=1)
start = time.perf_counter()
model.fit(matrix, show_progress=False)
training = time.perf_counter() - start

scale = numpy.sqrt((alpha - 1) / alpha)
x, y = model.user_factors * scale, model.item_factors * scale
scores = numpy.einsum("nk,nk->n", x[users], y[items], dtype=numpy.float64, optimize=True)
wide = [factors.astype(numpy.float64) for factors in (x, y)]
grams = [factors.T @ factors for factors in wide]
objective = (
    numpy.sum((1 - scores) ** 2) + unobserved * numpy.sum(grams[0] * grams[1])
    + regularization * sum(numpy.sum(factors ** 2) for factors in wide))
print(json.dumps({
    "reading": reading, "training": training, "objective": float(objective),
    "interactions": int(matrix.nnz), "users": matrix.shape[0], "items": matrix.shape[1]}))
