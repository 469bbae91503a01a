// A block of SGD updates, but for the arithmetic of one of them.
// SPDX-License-Identifier: Apache-2.0
#ifndef CKK_SGD_LOOP_H
#define CKK_SGD_LOOP_H

#include "kernels.h"

#pragma STDC FP_CONTRACT OFF

#define CKK_INLINE static inline __attribute__((always_inline))

// Sums of one update's products; the squares are only there where squared gradients are summed.
typedef struct ckk_sgd_dots {
  float xy, xx, yy;
} ckk_sgd_dots;

// What an implementation brings along. Its stride is a constant where that pays.
typedef ckk_sgd_dots ckk_sgd_dot_function(const float *x, const float *y, size_t stride,
                                          int squares);
typedef void ckk_sgd_move_function(float *x, float *y, size_t stride, const ckk_sgd_row *user,
                                   const ckk_sgd_row *item, float error);
typedef void ckk_sgd_steps_function(ckk_sgd_row *rows, size_t count, const ckk_sgd_block *block);

CKK_INLINE void ckk_sgd_set_step(ckk_sgd_row *row, const ckk_sgd_block *block) {
  row->step = block->step / __builtin_sqrtf(__builtin_fmaf(row->seen, block->slope, 1));
  row->decay = __builtin_fmaf(-row->step, block->regularization, 1);
}

// The mean square of (error * y - regularization * x) over the dimensions, from the sums: half the
// gradient by x. Rounding may take it below zero.
CKK_INLINE float ckk_sgd_squared_gradient(const ckk_sgd_block *block, float error, float xy,
                                          float xx, float yy) {
  float lambda = block->regularization;
  float square = (error * error * yy - 2 * lambda * error * xy) + lambda * lambda * xx;
  return (square > 0 ? square : 0) * block->gradient_share;
}

// Ratings of one user follow one another through the user's vector; a group's users take turns, so
// that several updates are under way at a time.
CKK_INLINE double ckk_sgd_loop(const ckk_sgd_block *block, const uint32_t *counts,
                               const ckk_sgd_rating *rating, const size_t stride,
                               const int sums_squares, ckk_sgd_dot_function dot,
                               ckk_sgd_move_function move, ckk_sgd_steps_function steps) {
  double squares = 0;
  float mean = block->mean;
  int has_biases = block->has_biases != 0;
  steps(block->item_rows, block->item_count, block);
  for (size_t first = 0; first < block->user_count; first += CKK_SGD_GROUP) {
    uint32_t count = *counts++;
    if (count == 0) continue;
    size_t left = block->user_count - first;
    ckk_sgd_row *user_rows = block->user_rows + first;
    float *users = block->users + first * stride;
    const float *next_users = users + CKK_SGD_GROUP * stride;
    steps(user_rows, left < CKK_SGD_GROUP ? left : CKK_SGD_GROUP, block);
    for (const ckk_sgd_rating *end = rating + count; rating < end; rating++) {
      const float *coming = block->items + rating[CKK_SGD_AHEAD].place / CKK_SGD_GROUP * stride;
      for (size_t k = 0; k < stride && k < 64; k += 16) ckk_prefetch(coming + k);
      ckk_prefetch(next_users);
      next_users += 16;
      size_t u = rating->place % CKK_SGD_GROUP, i = rating->place / CKK_SGD_GROUP;
      float *x = users + u * stride, *y = block->items + i * stride;
      ckk_sgd_row *user = user_rows + u, *item = block->item_rows + i;
      ckk_sgd_dots sums = dot(x, y, stride, sums_squares);
      float error = (rating->value - ((mean + user->bias) + item->bias)) - sums.xy;
      move(x, y, stride, user, item, error);
      if (has_biases) {
        user->bias = __builtin_fmaf(user->decay, user->bias, user->step * error);
        item->bias = __builtin_fmaf(item->decay, item->bias, item->step * error);
      }
      if (sums_squares) {
        user->seen += ckk_sgd_squared_gradient(block, error, sums.xy, sums.xx, sums.yy);
        item->seen += ckk_sgd_squared_gradient(block, error, sums.xy, sums.yy, sums.xx);
      } else {
        user->seen += 1;
        item->seen += 1;
      }
      squares += (double)error * (double)error;
    }
  }
  return squares;
}

#endif
