// SGD updates in plain C.
// SPDX-License-Identifier: Apache-2.0

#include "sgd_loop.h"

#pragma STDC FP_CONTRACT OFF

// Four accumulators of eight lanes; block b of eight dimensions goes to accumulator b mod 4.
static inline float lanes_dot(const float *x, const float *y, size_t stride) {
  float lanes[4][8] = {{0}};
  for (size_t block = 0; block * 8 < stride; block++) {
    float *sum = lanes[block % 4];
    for (size_t lane = 0; lane < 8; lane++) {
      size_t k = block * 8 + lane;
      sum[lane] = __builtin_fmaf(x[k], y[k], sum[lane]);
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
  float user_scale = user->step * error, item_scale = item->step * error;
  for (size_t k = 0; k < stride; k++) {
    float before = x[k];
    x[k] = __builtin_fmaf(user_scale, y[k], user->decay * before);
    y[k] = __builtin_fmaf(item_scale, before, item->decay * y[k]);
  }
}

CKK_INLINE void steps(ckk_sgd_row *rows, size_t count, const ckk_sgd_block *block) {
  for (size_t row = 0; row < count; row++) ckk_sgd_set_step(rows + row, block);
}

double ckk_portable_sgd(const ckk_sgd_block *block, const uint32_t *counts,
                        const ckk_sgd_rating *ratings) {
  int sums_squares = block->gradient_share > 0;
  return ckk_sgd_loop(block, counts, ratings, block->stride, sums_squares, dot, move, steps);
}
