// SGD updates for x86-64 processors with AVX2 and FMA.
// SPDX-License-Identifier: Apache-2.0

#include "sgd_loop.h"

#if defined(CKK_HAS_AVX2)
#include <immintrin.h>

#pragma STDC FP_CONTRACT OFF

#define CKK_AVX2 __attribute__((target("avx2,fma")))

CKK_AVX2 CKK_INLINE float sum_of(const __m256 sum[4]) {
  __m256 total = _mm256_add_ps(_mm256_add_ps(sum[0], sum[1]), _mm256_add_ps(sum[2], sum[3]));
  __m128 half = _mm_add_ps(_mm256_castps256_ps128(total), _mm256_extractf128_ps(total, 1));
  __m128 pair = _mm_add_ps(half, _mm_movehl_ps(half, half));
  return _mm_cvtss_f32(_mm_add_ss(pair, _mm_movehdup_ps(pair)));
}

// Four accumulators of eight lanes; block b of eight dimensions goes to accumulator b mod 4.
CKK_AVX2 CKK_INLINE float lanes_dot(const float *x, const float *y, const size_t stride) {
  __m256 sum[4] = {_mm256_setzero_ps(), _mm256_setzero_ps(), _mm256_setzero_ps(),
                   _mm256_setzero_ps()};
  size_t k = 0;
  for (; k + 32 <= stride; k += 32) {
    sum[0] = _mm256_fmadd_ps(_mm256_loadu_ps(x + k), _mm256_loadu_ps(y + k), sum[0]);
    sum[1] = _mm256_fmadd_ps(_mm256_loadu_ps(x + k + 8), _mm256_loadu_ps(y + k + 8), sum[1]);
    sum[2] = _mm256_fmadd_ps(_mm256_loadu_ps(x + k + 16), _mm256_loadu_ps(y + k + 16), sum[2]);
    sum[3] = _mm256_fmadd_ps(_mm256_loadu_ps(x + k + 24), _mm256_loadu_ps(y + k + 24), sum[3]);
  }
  if (k < stride) sum[0] = _mm256_fmadd_ps(_mm256_loadu_ps(x + k), _mm256_loadu_ps(y + k), sum[0]);
  k += 8;
  if (k < stride) sum[1] = _mm256_fmadd_ps(_mm256_loadu_ps(x + k), _mm256_loadu_ps(y + k), sum[1]);
  k += 8;
  if (k < stride) sum[2] = _mm256_fmadd_ps(_mm256_loadu_ps(x + k), _mm256_loadu_ps(y + k), sum[2]);
  return sum_of(sum);
}

CKK_AVX2 CKK_INLINE ckk_sgd_dots dot(const float *x, const float *y, size_t stride, int squares) {
  ckk_sgd_dots sums = {lanes_dot(x, y, stride), 0, 0};
  if (squares) {
    sums.xx = lanes_dot(x, x, stride);
    sums.yy = lanes_dot(y, y, stride);
  }
  return sums;
}

CKK_AVX2 CKK_INLINE void move(float *x, float *y, size_t stride, const ckk_sgd_row *user,
                              const ckk_sgd_row *item, float error) {
  __m256 user_scale = _mm256_set1_ps(user->step * error);
  __m256 item_scale = _mm256_set1_ps(item->step * error);
  __m256 user_decay = _mm256_set1_ps(user->decay), item_decay = _mm256_set1_ps(item->decay);
  for (size_t k = 0; k < stride; k += 8) {
    __m256 a = _mm256_loadu_ps(x + k), b = _mm256_loadu_ps(y + k);
    _mm256_storeu_ps(x + k, _mm256_fmadd_ps(user_scale, b, _mm256_mul_ps(user_decay, a)));
    _mm256_storeu_ps(y + k, _mm256_fmadd_ps(item_scale, a, _mm256_mul_ps(item_decay, b)));
  }
}

// Four rows turned into lanes, for one root and one division, and turned back.
CKK_AVX2 CKK_INLINE void steps(ckk_sgd_row *rows, size_t count, const ckk_sgd_block *block) {
  __m128 one = _mm_set1_ps(1), slope = _mm_set1_ps(block->slope);
  __m128 first = _mm_set1_ps(block->step), lambda = _mm_set1_ps(block->regularization);
  size_t row = 0;
  for (; row + 4 <= count; row += 4) {
    float *numbers = (float *)(rows + row);
    __m128 a = _mm_loadu_ps(numbers), b = _mm_loadu_ps(numbers + 4);
    __m128 c = _mm_loadu_ps(numbers + 8), d = _mm_loadu_ps(numbers + 12);
    __m128 low = _mm_unpacklo_ps(a, b), high = _mm_unpacklo_ps(c, d);
    __m128 seen = _mm_movehl_ps(high, low);
    __m128 step = _mm_div_ps(first, _mm_sqrt_ps(_mm_fmadd_ps(seen, slope, one)));
    __m128 decay = _mm_fnmadd_ps(step, lambda, one);
    __m128 pairs = _mm_unpacklo_ps(step, decay), others = _mm_unpackhi_ps(step, decay);
    _mm_storel_pi((__m64 *)(numbers + 2), pairs);
    _mm_storeh_pi((__m64 *)(numbers + 6), pairs);
    _mm_storel_pi((__m64 *)(numbers + 10), others);
    _mm_storeh_pi((__m64 *)(numbers + 14), others);
  }
  for (; row < count; row++) ckk_sgd_set_step(rows + row, block);
}

CKK_AVX2 double ckk_avx2_sgd(const ckk_sgd_block *block, const uint32_t *counts,
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
