// The kernels for 64-bit Arm processors.
// SPDX-License-Identifier: Apache-2.0

#include "kernels.h"

#if defined(CKK_HAS_NEON)
#include <arm_neon.h>

#pragma STDC FP_CONTRACT OFF

// Lanes are rows, so that each row keeps one accumulator over the dimensions in order.
static void scores(const float *query, const float *rows, size_t count, size_t dimension,
                   float *scores) {
  size_t row = 0;
  for (; row + 4 <= count; row += 4) {
    const float *r0 = rows + row * dimension, *r1 = r0 + dimension, *r2 = r1 + dimension,
                *r3 = r2 + dimension;
    float32x4_t sum = vdupq_n_f32(0);
    for (size_t k = 0; k < dimension; k++) {
      float32x4_t column = {r0[k], r1[k], r2[k], r3[k]};
      sum = vfmaq_n_f32(sum, column, query[k]);
    }
    vst1q_f32(scores + row, sum);
  }
  for (; row < count; row++) {
    const float *vector = rows + row * dimension;
    float sum = 0;
    for (size_t k = 0; k < dimension; k++) sum = __builtin_fmaf(query[k], vector[k], sum);
    scores[row] = sum;
  }
}

// The same for rows that do not follow one another; the last one stands in for those that four lack.
static void gathered(const float *query, const float *rows, size_t stride, const int32_t *places,
                     size_t count, size_t dimension, float *scores) {
  for (size_t first = 0; first < count; first += 4) {
    size_t here = count - first < 4 ? count - first : 4;
    const float *r[4];
    for (size_t n = 0; n < 4; n++) {
      r[n] = rows + (size_t)places[first + (n < here ? n : here - 1)] * stride;
    }
    float32x4_t sum = vdupq_n_f32(0);
    for (size_t k = 0; k < dimension; k++) {
      float32x4_t column = {r[0][k], r[1][k], r[2][k], r[3][k]};
      sum = vfmaq_n_f32(sum, column, query[k]);
    }
    float lanes[4];
    vst1q_f32(lanes, sum);
    for (size_t n = 0; n < here; n++) scores[first + n] = lanes[n];
  }
}

// `group` queries, six at most, against one panel: 24 sums and four loads of the panel are 28 of the
// 32 registers; each sum is one accumulator over the dimensions.
static inline __attribute__((always_inline)) void tile(const float *queries, const size_t group,
                                                       const float *panel, size_t dimension,
                                                       float *products, size_t width) {
  float32x4_t sums[6][4];
  for (size_t q = 0; q < group; q++) {
    for (size_t part = 0; part < 4; part++) sums[q][part] = vdupq_n_f32(0);
  }
  for (size_t k = 0; k < dimension; k++) {
    const float *column = panel + k * CKK_PANEL_ROWS;
    float32x4_t rows[4] = {vld1q_f32(column), vld1q_f32(column + 4), vld1q_f32(column + 8),
                           vld1q_f32(column + 12)};
    for (size_t q = 0; q < group; q++) {
      float x = queries[q * dimension + k];
      for (size_t part = 0; part < 4; part++) {
        sums[q][part] = vfmaq_n_f32(sums[q][part], rows[part], x);
      }
    }
  }
  for (size_t q = 0; q < group; q++) {
    for (size_t part = 0; part < 4; part++) {
      vst1q_f32(products + q * width + part * 4, sums[q][part]);
    }
  }
}

// The panel is in the first cache while all the queries pass over it.
static void products(const float *queries, size_t query_count, const float *panels,
                     size_t panel_count, size_t dimension, float *products) {
  size_t width = panel_count * CKK_PANEL_ROWS;
  for (size_t p = 0; p < panel_count; p++) {
    const float *panel = panels + p * dimension * CKK_PANEL_ROWS;
    float *column = products + p * CKK_PANEL_ROWS;
    size_t q = 0;
    for (; q + 6 <= query_count; q += 6) {
      tile(queries + q * dimension, 6, panel, dimension, column + q * width, width);
    }
    const float *rest = queries + q * dimension;
    switch (query_count - q) {
      case 5: tile(rest, 5, panel, dimension, column + q * width, width); break;
      case 4: tile(rest, 4, panel, dimension, column + q * width, width); break;
      case 3: tile(rest, 3, panel, dimension, column + q * width, width); break;
      case 2: tile(rest, 2, panel, dimension, column + q * width, width); break;
      case 1: tile(rest, 1, panel, dimension, column + q * width, width); break;
      default: break;
    }
  }
}

// Hardly any place is above the limit, so that one branch for four of them is well predicted.
static size_t above(const float *dots, const float *biases, size_t count, double base, double limit,
                    int32_t *places) {
  size_t found = 0, i = 0;
  float64x2_t bases = vdupq_n_f64(base), limits = vdupq_n_f64(limit);
  for (; i + 4 <= count; i += 4) {
    float64x2_t low = bases, high = bases;
    if (biases) {
      float32x4_t four = vld1q_f32(biases + i);
      low = vaddq_f64(low, vcvt_f64_f32(vget_low_f32(four)));
      high = vaddq_f64(high, vcvt_high_f64_f32(four));
    }
    float32x4_t four = vld1q_f32(dots + i);
    low = vaddq_f64(low, vcvt_f64_f32(vget_low_f32(four)));
    high = vaddq_f64(high, vcvt_high_f64_f32(four));
    uint32x4_t mask =
        vcombine_u32(vmovn_u64(vcgtq_f64(low, limits)), vmovn_u64(vcgtq_f64(high, limits)));
    if (vmaxvq_u32(mask) == 0) continue;
    uint32_t lanes[4];
    vst1q_u32(lanes, mask);
    for (size_t lane = 0; lane < 4; lane++) {
      if (lanes[lane]) places[found++] = (int32_t)(i + lane);
    }
  }
  for (; i < count; i++) {
    double start = biases ? base + (double)biases[i] : base;
    if (start + (double)dots[i] > limit) places[found++] = (int32_t)i;
  }
  return found;
}

// A comparison that holds is −1 in its lane.
static void standing(const float *dots, const float *biases, size_t count, double base,
                     double limit, size_t *greater, size_t *equal) {
  size_t i = 0;
  float64x2_t bases = vdupq_n_f64(base), limits = vdupq_n_f64(limit);
  uint64x2_t above = vdupq_n_u64(0), beside = vdupq_n_u64(0);
  for (; i + 2 <= count; i += 2) {
    float64x2_t score = bases;
    if (biases) score = vaddq_f64(score, vcvt_f64_f32(vld1_f32(biases + i)));
    score = vaddq_f64(score, vcvt_f64_f32(vld1_f32(dots + i)));
    above = vsubq_u64(above, vcgtq_f64(score, limits));
    beside = vsubq_u64(beside, vceqq_f64(score, limits));
  }
  *greater += vaddvq_u64(above);
  *equal += vaddvq_u64(beside);
  for (; i < count; i++) {
    double score = (biases ? base + (double)biases[i] : base) + (double)dots[i];
    *greater += score > limit;
    *equal += score == limit;
  }
}

const ckk_kernels ckk_neon_kernels = {"neon", scores, gathered, ckk_neon_sgd, products, above,
                                      standing};

#endif
