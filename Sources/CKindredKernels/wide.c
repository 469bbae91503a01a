// Tables of floats against vectors of doubles, in plain C that the compiler turns into vectors.
// SPDX-License-Identifier: Apache-2.0

#include "CKindredWideKernels.h"

#pragma STDC FP_CONTRACT OFF

void ckk_wide_products(const float *rows, size_t count, size_t dimension, const double *vector,
                       double *products) {
  size_t whole = dimension / 8 * 8;
  for (size_t r = 0; r < count; r++, rows += dimension) {
    double lanes[8] = {0};
    for (size_t k = 0; k < whole; k += 8) {
      for (size_t lane = 0; lane < 8; lane++) {
        lanes[lane] += vector[k + lane] * (double)rows[k + lane];
      }
    }
    for (size_t k = whole; k < dimension; k++) lanes[k - whole] += vector[k] * (double)rows[k];
    for (size_t lane = 0; lane < 4; lane++) lanes[lane] += lanes[lane + 4];
    products[r] = (lanes[0] + lanes[2]) + (lanes[1] + lanes[3]);
  }
}

// Four rows at a time, so that the sums are read and written a quarter as often.
void ckk_wide_combine(const float *rows, size_t count, size_t dimension, const double *weights,
                      double *restrict sums) {
  size_t r = 0;
  for (; r + 4 <= count; r += 4, rows += 4 * dimension, weights += 4) {
    const float *a = rows, *b = a + dimension, *c = b + dimension, *d = c + dimension;
    for (size_t k = 0; k < dimension; k++) {
      double sum = sums[k] + weights[0] * (double)a[k];
      sum = sum + weights[1] * (double)b[k];
      sum = sum + weights[2] * (double)c[k];
      sums[k] = sum + weights[3] * (double)d[k];
    }
  }
  for (; r < count; r++, rows += dimension, weights++) {
    for (size_t k = 0; k < dimension; k++) sums[k] += weights[0] * (double)rows[k];
  }
}

void ckk_wide_moments(const int32_t *panels, const double *points, const double *weights,
                      size_t count, double *moments) {
  for (size_t i = 0; i < count; i++) {
    double *sums = moments + (size_t)panels[i] * CKK_WIDE_DEGREES;
    double twice = 2 * points[i], before = weights[i], now = weights[i] * points[i];
    sums[0] += before;
    sums[1] += now;
    for (size_t m = 2; m < CKK_WIDE_DEGREES; m++) {
      double next = twice * now - before;
      sums[m] += next;
      before = now;
      now = next;
    }
  }
}

void ckk_wide_interpolate(const int32_t *panels, const double *points, size_t count,
                          const double *coefficients, double *values) {
  for (size_t i = 0; i < count; i++) {
    const double *terms = coefficients + (size_t)panels[i] * CKK_WIDE_DEGREES;
    double twice = 2 * points[i], after = 0, now = 0;
    for (size_t m = CKK_WIDE_DEGREES - 1; m > 0; m--) {
      double next = (twice * now - after) + terms[m];
      after = now;
      now = next;
    }
    values[i] = (points[i] * now - after) + terms[0];
  }
}
