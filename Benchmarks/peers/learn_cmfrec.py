"""Learns with cmfrec's ALS, from text files to a saved model, and prints the seconds and the RMSE.

usage: learn_cmfrec.py TRAIN TEST MODEL DIMENSION ITERATIONS REGULARIZATION THREADS [chol]
  Lines are a user, an item and a rating, the ids being small whole numbers.

The penalty is per rating (scale_lam), as Kindred's is, and the rows are solved by conjugate
gradients, which cmfrec prefers; with chol, exactly.
"""
# SPDX-License-Identifier: Apache-2.0
import json
import pickle
import sys
import time

import numpy
import pandas
import scipy.sparse
from cmfrec import CMF

train, test, path = sys.argv[1:4]
dimension, iterations, threads = int(sys.argv[4]), int(sys.argv[5]), int(sys.argv[7])
regularization = float(sys.argv[6])
types = {0: numpy.int32, 1: numpy.int32, 2: numpy.float32}

start = time.perf_counter()
ratings, held = (
    pandas.read_csv(name, sep=" ", header=None, dtype=types) for name in (train, test))
# A sparse matrix spares cmfrec the renumbering of the ids.
matrix = scipy.sparse.coo_matrix((ratings[2], (ratings[0], ratings[1])))
reading = time.perf_counter() - start

start = time.perf_counter()
model = CMF(
    k=dimension, method="als", niter=iterations, lambda_=regularization, scale_lam=True,
    use_cg="chol" not in sys.argv[8:], finalize_chol=False, user_bias=True, item_bias=True,
    use_float=True, precompute_for_predictions=False, nthreads=threads, random_state=1,
    verbose=False)
model.fit(matrix)
training = time.perf_counter() - start

start = time.perf_counter()
known = (held[0] < matrix.shape[0]) & (held[1] < matrix.shape[1])
scores = model.predict(held[0][known].to_numpy(), held[1][known].to_numpy())
# As Kindred's are.
errors = numpy.clip(scores, matrix.data.min(), matrix.data.max()) - held[2][known]
rmse = float(numpy.sqrt(numpy.mean(errors ** 2)))
testing = time.perf_counter() - start

start = time.perf_counter()
if path != "-":
    with open(path, "wb") as file:
        pickle.dump(model, file)
print(json.dumps({
    "reading": reading, "training": training, "testing": testing,
    "saving": time.perf_counter() - start, "rmse": rmse}))
