// The kernels of weighted least squares over all pairs, written once over vectors of sixteen; each
// instruction set compiles them for itself.
// SPDX-License-Identifier: Apache-2.0
//
// Define CKK_TARGET (the attribute that turns the instruction set on), CKK_INTERACTION_KERNELS (the name
// of the table) and CKK_INTERACTION_NAME (its name as text), then include this once. The compiler makes
// one AVX-512 instruction, two of AVX2, four of NEON or sixteen scalar ones of each operation here, so
// that the order of the sums cannot differ.

#include "CKindredInteractionKernels.h"

#include "kernels.h"
#include "sixteen.h"

// Contraction is ours to state: fused where it says so, nothing elsewhere.
#pragma STDC FP_CONTRACT OFF

enum { LANES = CKK_INTERACTION_LANES, TOGETHER = 4 };

// Some entries, TOGETHER at most: their dot products with x share what is loaded of it, and so do the
// sums that their rows join afterwards, while the rows are in the first cache.
CKK_INLINE double pull_some(const ckk_interaction_row *row, size_t first, const size_t some,
                            float target, const float *x, float *sums) {
  const size_t stride = row->stride;
  const float *vectors[TOGETHER];
  sixteen dots[TOGETHER];
  SMALL_LOOP for (size_t n = 0; n < some; n++) {
    vectors[n] = row->table + (size_t)row->rows[first + n] * stride;
    dots[n] = EVERY(0);
  }
  for (size_t k = 0; k < stride; k += LANES) {
    sixteen part = LOAD(x + k);
    SMALL_LOOP for (size_t n = 0; n < some; n++) {
      dots[n] = FUSED(LOAD(vectors[n] + k), part, dots[n]);
    }
  }
  sixteen scales[TOGETHER];
  double squares = 0;
  SMALL_LOOP for (size_t n = 0; n < some; n++) {
    float error = target - sum_of_lanes(&dots[n]);
    float scale = row->weights ? row->weights[first + n] * error : error;
    squares += (double)scale * (double)error;
    scales[n] = EVERY(scale);
  }
  for (size_t k = 0; k < stride; k += LANES) {
    sixteen sum = LOAD(sums + k);
    SMALL_LOOP for (size_t n = 0; n < some; n++) {
      sum = FUSED(scales[n], LOAD(vectors[n] + k), sum);
    }
    STORE(sums + k, sum);
  }
  return squares;
}

// Adds sum of c (target - y·x) y to `sums`; returns sum of c (target - y·x)².
CKK_INLINE double pull_all(const ckk_interaction_row *row, float target, const float *x, float *sums) {
  const size_t stride = row->stride, count = row->count, ahead = 3 * TOGETHER;
  double squares = 0;
  size_t n = 0;
  for (; n + TOGETHER <= count; n += TOGETHER) {
    if (n + ahead + TOGETHER <= count) {
      for (size_t next = n + ahead; next < n + ahead + TOGETHER; next++) {
        const float *vector = row->table + (size_t)row->rows[next] * stride;
        for (size_t k = 0; k < stride; k += LANES) __builtin_prefetch(vector + k);
      }
    }
    squares += pull_some(row, n, TOGETHER, target, x, sums);
  }
  switch (count - n) {
    case 3: return squares + pull_some(row, n, 3, target, x, sums);
    case 2: return squares + pull_some(row, n, 2, target, x, sums);
    case 1: return squares + pull_some(row, n, 1, target, x, sums);
    default: return squares;
  }
}

CKK_TARGET static double pull(const ckk_interaction_row *row, const float *x, float *r) {
  for (size_t k = 0; k < row->stride; k += LANES) STORE(r + k, EVERY(0));
  return pull_all(row, 1, x, r);
}

CKK_TARGET static double residual(const ckk_interaction_row *row, const float *x, float *r) {
  double squares = pull(row, x, r);
  sixteen sum = EVERY(0), ridge = EVERY(row->ridge);
  for (size_t k = 0; k < row->stride; k += LANES) {
    sixteen part = LOAD(x + k), held = (LOAD(row->spectrum + k) + ridge) * part;
    sum = FUSED(held, part, sum);
    STORE(r + k, LOAD(r + k) - held);
  }
  return squares + (double)sum_of_lanes(&sum);
}

CKK_TARGET static double descend(const ckk_interaction_row *row, float *x, float *r, float *scratch,
                                 size_t steps, double least) {
  const size_t stride = row->stride;
  float *inverse = scratch, *direction = scratch + stride, *product = scratch + 2 * stride;
  const sixteen ridge = EVERY(row->ridge), more = EVERY(1 + row->share);
  sixteen sum = EVERY(0);
  for (size_t k = 0; k < stride; k += LANES) {
    sixteen conditioner = EVERY(1) / FUSED(LOAD(row->spectrum + k), more, ridge);
    sixteen left = LOAD(r + k), conditioned = conditioner * left;
    STORE(inverse + k, conditioner);
    STORE(direction + k, conditioned);
    sum = FUSED(left, conditioned, sum);
  }
  double length = sum_of_lanes(&sum), fall = 0;
  for (size_t step = 0; step < steps && length > least; step++) {
    // product = (sum of c y yᵀ) direction, with its sign turned.
    for (size_t k = 0; k < stride; k += LANES) STORE(product + k, EVERY(0));
    double curvature = pull_all(row, 0, direction, product);
    sum = EVERY(0);
    for (size_t k = 0; k < stride; k += LANES) {
      sixteen along = LOAD(direction + k), held = (LOAD(row->spectrum + k) + ridge) * along;
      sum = FUSED(held, along, sum);
      STORE(product + k, held - LOAD(product + k));
    }
    curvature += (double)sum_of_lanes(&sum);
    double size = length / curvature;
    // Where nothing is left but rounding.
    if (!(curvature > 0) || !(size * length > 0)) break;
    fall += size * length;
    const sixteen move = EVERY((float)size);
    sum = EVERY(0);
    for (size_t k = 0; k < stride; k += LANES) {
      STORE(x + k, FUSED(move, LOAD(direction + k), LOAD(x + k)));
      sixteen left = FUSED(-move, LOAD(product + k), LOAD(r + k));
      STORE(r + k, left);
      sum = FUSED(left, LOAD(inverse + k) * left, sum);
    }
    double before = length;
    length = sum_of_lanes(&sum);
    const sixteen turn = EVERY((float)(length / before));
    for (size_t k = 0; k < stride; k += LANES) {
      STORE(direction + k,
            FUSED(turn, LOAD(direction + k), LOAD(inverse + k) * LOAD(r + k)));
    }
  }
  return fall;
}

const ckk_interaction_kernels CKK_INTERACTION_KERNELS = {CKK_INTERACTION_NAME, residual, pull, descend};
