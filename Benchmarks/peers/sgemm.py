"""The machine's best single-precision matrix product, by NumPy's BLAS; answers each line with GFLOP/s.

Usage: OPENBLAS_NUM_THREADS=2 python3 sgemm.py, then a line on standard input for every measurement.
SPDX-License-Identifier: Apache-2.0"""
import statistics
import sys
import time

import numpy

SIZE = 1536
a = numpy.random.default_rng(1).random((SIZE, SIZE), dtype=numpy.float32)
b = a.T.copy()
c = numpy.empty_like(a)
for _ in range(3):
    numpy.matmul(a, b, out=c)
for _ in sys.stdin:
    seconds = []
    for _ in range(5):
        start = time.perf_counter()
        numpy.matmul(a, b, out=c)
        seconds.append(time.perf_counter() - start)
    print(2 * SIZE**3 / statistics.median(seconds) / 1e9, flush=True)
