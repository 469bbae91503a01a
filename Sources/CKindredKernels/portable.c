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

// Four accumulators of eight lanes; block b of eight dimensions goes to accumulator b mod 4.
static float training_dot(const float *x, const float *y, size_t stride) {
  float lanes[4][8] = {{0}};
  for (size_t block = 0; block * 8 < stride; block++) {
    float *sum = lanes[block % 4];
    for (size_t lane = 0; lane < 8; lane++) {
      size_t k = block * 8 + lane;
      sum[lane] = fmaf(x[k], y[k], sum[lane]);
    }
  }
  float total[8];
  for (size_t lane = 0; lane < 8; lane++) {
    total[lane] = (lanes[0][lane] + lanes[1][lane]) + (lanes[2][lane] + lanes[3][lane]);
  }
  float half[4];
  for (size_t lane = 0; lane < 4; lane++) half[lane] = total[lane] + total[lane + 4];
  return (half[0] + half[2]) + (half[1] + half[3]);
}

static double sgd(const ckk_sgd *model, const int32_t *user_rows, const int32_t *item_rows,
                  const float *ratings, size_t count) {
  double squares = 0;
  size_t stride = model->stride;
  for (size_t n = 0; n < count; n++) {
    size_t user = (size_t)user_rows[n], item = (size_t)item_rows[n];
    float *x = model->users + user * stride, *y = model->items + item * stride;
    float base = model->mean;
    if (model->user_biases) base = (base + model->user_biases[user]) + model->item_biases[item];
    float error = ratings[n] - (base + training_dot(x, y, stride));
    float scale = model->step * error;
    for (size_t k = 0; k < stride; k++) {
      float before = x[k];
      x[k] = fmaf(scale, y[k], model->decay * before);
      y[k] = fmaf(scale, before, model->decay * y[k]);
    }
    if (model->user_biases) {
      model->user_biases[user] = fmaf(model->decay, model->user_biases[user], scale);
      model->item_biases[item] = fmaf(model->decay, model->item_biases[item], scale);
    }
    squares += (double)error * (double)error;
  }
  return squares;
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

const ckk_kernels ckk_portable_kernels = {"portable", scores, sgd, products, above, standing,
                                          &ckk_portable_rows};
