// The kernels in plain C, for any processor.
// SPDX-License-Identifier: Apache-2.0

#include <math.h>

#include "kernels.h"

// Contraction is ours to state: fmaf where a product is fused, nothing elsewhere.
#pragma STDC FP_CONTRACT OFF

static void scores(const float *query, const float *rows, size_t count, size_t dimension,
                   float *scores) {
  for (size_t row = 0; row < count; row++) {
    const float *vector = rows + row * dimension;
    float sum = 0;
    for (size_t k = 0; k < dimension; k++) sum = fmaf(query[k], vector[k], sum);
    scores[row] = sum;
  }
}

static void gathered(const float *query, const float *rows, size_t stride, const int32_t *places,
                     size_t count, size_t dimension, float *out) {
  for (size_t n = 0; n < count; n++) {
    scores(query, rows + (size_t)places[n] * stride, 1, dimension, out + n);
  }
}

static void products(const float *queries, size_t query_count, const float *panels,
                     size_t panel_count, size_t dimension, float *products) {
  size_t width = panel_count * CKK_PANEL_ROWS;
  for (size_t q = 0; q < query_count; q++) {
    const float *query = queries + q * dimension;
    for (size_t p = 0; p < panel_count; p++) {
      const float *panel = panels + p * dimension * CKK_PANEL_ROWS;
      float sums[CKK_PANEL_ROWS] = {0};
      for (size_t k = 0; k < dimension; k++) {
        for (size_t r = 0; r < CKK_PANEL_ROWS; r++) {
          sums[r] = fmaf(query[k], panel[k * CKK_PANEL_ROWS + r], sums[r]);
        }
      }
      float *out = products + q * width + p * CKK_PANEL_ROWS;
      for (size_t r = 0; r < CKK_PANEL_ROWS; r++) out[r] = sums[r];
    }
  }
}

static size_t above(const float *dots, const float *biases, size_t count, double base, double limit,
                    int32_t *places) {
  size_t found = 0;
  for (size_t i = 0; i < count; i++) {
    double start = biases ? base + (double)biases[i] : base;
    if (start + (double)dots[i] > limit) places[found++] = (int32_t)i;
  }
  return found;
}

static void standing(const float *dots, const float *biases, size_t count, double base,
                     double limit, size_t *greater, size_t *equal) {
  for (size_t i = 0; i < count; i++) {
    double score = (biases ? base + (double)biases[i] : base) + (double)dots[i];
    *greater += score > limit;
    *equal += score == limit;
  }
}

const ckk_kernels ckk_portable_kernels = {"portable", scores, gathered, ckk_portable_sgd, products, above,
                                          standing};
