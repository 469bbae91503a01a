// SGD updates for 64-bit Arm processors.
// SPDX-License-Identifier: Apache-2.0

#include "sgd_loop.h"

#if defined(CKK_HAS_NEON)
#include <arm_neon.h>

#pragma STDC FP_CONTRACT OFF

// Four accumulators of eight lanes, which are two registers here; block b of eight dimensions goes to
// accumulator b mod 4.
CKK_INLINE float lanes_dot(const float *x, const float *y, const size_t stride) {
  float32x4_t low[4], high[4];
  for (size_t a = 0; a < 4; a++) low[a] = high[a] = vdupq_n_f32(0);
  for (size_t block = 0; block * 8 < stride; block++) {
    size_t k = block * 8, a = block % 4;
    low[a] = vfmaq_f32(low[a], vld1q_f32(x + k), vld1q_f32(y + k));
    high[a] = vfmaq_f32(high[a], vld1q_f32(x + k + 4), vld1q_f32(y + k + 4));
  }
  float32x4_t lows = vaddq_f32(vaddq_f32(low[0], low[1]), vaddq_f32(low[2], low[3]));
  float32x4_t highs = vaddq_f32(vaddq_f32(high[0], high[1]), vaddq_f32(high[2], high[3]));
  float32x4_t half = vaddq_f32(lows, highs);
  float32x2_t pair = vadd_f32(vget_low_f32(half), vget_high_f32(half));
  return vget_lane_f32(pair, 0) + vget_lane_f32(pair, 1);
}

CKK_INLINE ckk_sgd_dots dot(const float *x, const float *y, size_t stride, int squares) {
  ckk_sgd_dots sums = {lanes_dot(x, y, stride), 0, 0};
  if (squares) {
    sums.xx = lanes_dot(x, x, stride);
    sums.yy = lanes_dot(y, y, stride);
  }
  return sums;
}

CKK_INLINE void move(float *x, float *y, size_t stride, const ckk_sgd_row *user,
                     const ckk_sgd_row *item, float error) {
  float32x4_t user_scale = vdupq_n_f32(user->step * error);
  float32x4_t item_scale = vdupq_n_f32(item->step * error);
  float32x4_t user_decay = vdupq_n_f32(user->decay), item_decay = vdupq_n_f32(item->decay);
  for (size_t k = 0; k < stride; k += 4) {
    float32x4_t a = vld1q_f32(x + k), b = vld1q_f32(y + k);
    vst1q_f32(x + k, vfmaq_f32(vmulq_f32(user_decay, a), user_scale, b));
    vst1q_f32(y + k, vfmaq_f32(vmulq_f32(item_decay, b), item_scale, a));
  }
}

// Four rows turned into lanes, for one root and one division, and turned back.
CKK_INLINE void steps(ckk_sgd_row *rows, size_t count, const ckk_sgd_block *block) {
  float32x4_t one = vdupq_n_f32(1), lambda = vdupq_n_f32(block->regularization);
  float32x4_t slope = vdupq_n_f32(block->slope), first = vdupq_n_f32(block->step);
  size_t row = 0;
  for (; row + 4 <= count; row += 4) {
    float *numbers = (float *)(rows + row);
    float32x4x4_t columns = vld4q_f32(numbers);
    float32x4_t root = vsqrtq_f32(vfmaq_f32(one, columns.val[1], slope));
    columns.val[2] = vdivq_f32(first, root);
    columns.val[3] = vfmsq_f32(one, columns.val[2], lambda);
    vst4q_f32(numbers, columns);
  }
  for (; row < count; row++) ckk_sgd_set_step(rows + row, block);
}

double ckk_neon_sgd(const ckk_sgd_block *block, const uint32_t *counts,
                    const ckk_sgd_rating *ratings) {
  if (block->gradient_share > 0) {
    return ckk_sgd_loop(block, counts, ratings, block->stride, 1, dot, move, steps);
  }
  switch (block->stride) {
    case 16: return ckk_sgd_loop(block, counts, ratings, 16, 0, dot, move, steps);
    case 32: return ckk_sgd_loop(block, counts, ratings, 32, 0, dot, move, steps);
    case 64: return ckk_sgd_loop(block, counts, ratings, 64, 0, dot, move, steps);
    case 128: return ckk_sgd_loop(block, counts, ratings, 128, 0, dot, move, steps);
    default: return ckk_sgd_loop(block, counts, ratings, block->stride, 0, dot, move, steps);
  }
}

#endif
