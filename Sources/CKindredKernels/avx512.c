// The kernels that rank many items for many users, for x86-64 processors with AVX-512.
// SPDX-License-Identifier: Apache-2.0

#include "kernels.h"

#if defined(CKK_HAS_AVX2)
#include <immintrin.h>

#pragma STDC FP_CONTRACT OFF

#define CKK_AVX512 __attribute__((target("avx2,fma,avx512f,avx512vl")))
// Sums stay in registers only if no loop over them is left.
#define CKK_UNROLLED _Pragma("clang loop unroll(full)")

// `group` queries, twelve at most, against one panel or two that lie one after the other. Of the 32
// registers 24 are sums, two hold the panels and the rest numbers of queries; each sum is one
// accumulator over the dimensions.
CKK_AVX512 static inline __attribute__((always_inline)) void tile(
    const float *queries, const size_t group, const float *panel, const size_t pair,
    size_t dimension, float *products, size_t width) {
  __m512 sums[12][2];
  CKK_UNROLLED for (size_t q = 0; q < group; q++) {
    for (size_t p = 0; p < pair; p++) sums[q][p] = _mm512_setzero_ps();
  }
  const float *second = panel + dimension * CKK_PANEL_ROWS;
  for (size_t k = 0; k < dimension; k++) {
    __m512 rows[2];
    rows[0] = _mm512_loadu_ps(panel + k * CKK_PANEL_ROWS);
    if (pair > 1) rows[1] = _mm512_loadu_ps(second + k * CKK_PANEL_ROWS);
    CKK_UNROLLED for (size_t q = 0; q < group; q++) {
      __m512 x = _mm512_set1_ps(queries[q * dimension + k]);
      for (size_t p = 0; p < pair; p++) sums[q][p] = _mm512_fmadd_ps(x, rows[p], sums[q][p]);
    }
  }
  CKK_UNROLLED for (size_t q = 0; q < group; q++) {
    for (size_t p = 0; p < pair; p++) {
      _mm512_storeu_ps(products + q * width + p * CKK_PANEL_ROWS, sums[q][p]);
    }
  }
}

CKK_AVX512 static inline __attribute__((always_inline)) void columns(
    const float *queries, size_t query_count, const float *panel, const size_t pair,
    size_t dimension, float *products, size_t width) {
  size_t q = 0;
  for (; q + 12 <= query_count; q += 12) {
    tile(queries + q * dimension, 12, panel, pair, dimension, products + q * width, width);
  }
  if (q + 6 <= query_count) {
    tile(queries + q * dimension, 6, panel, pair, dimension, products + q * width, width);
    q += 6;
  }
  for (; q + 2 <= query_count; q += 2) {
    tile(queries + q * dimension, 2, panel, pair, dimension, products + q * width, width);
  }
  if (q < query_count) {
    tile(queries + q * dimension, 1, panel, pair, dimension, products + q * width, width);
  }
}

// The panels are in the first cache while all the queries pass over them.
CKK_AVX512 static void products(const float *queries, size_t query_count, const float *panels,
                                size_t panel_count, size_t dimension, float *products) {
  size_t width = panel_count * CKK_PANEL_ROWS, p = 0;
  for (; p + 2 <= panel_count; p += 2) {
    columns(queries, query_count, panels + p * dimension * CKK_PANEL_ROWS, 2, dimension,
            products + p * CKK_PANEL_ROWS, width);
  }
  if (p < panel_count) {
    columns(queries, query_count, panels + p * dimension * CKK_PANEL_ROWS, 1, dimension,
            products + p * CKK_PANEL_ROWS, width);
  }
}

// Numbers in the order of the floats that they stand for, infinities included.
static inline float at_rank(int64_t rank) {
  union { uint32_t bits; float number; } it;
  it.bits = rank < 0 ? 0x80000000u | (uint32_t)(-rank) : (uint32_t)rank;
  return it.number;
}

static inline int64_t rank_of(float number) {
  union { float number; uint32_t bits; } it = {number};
  int64_t size = it.bits & 0x7fffffff;
  return it.bits >> 31 ? -size : size;
}

// The largest float x with base + x <= limit in double, which falls nowhere as x grows: then a dot
// product is above the limit if and only if it is above x.
//
// `base` is finite and `limit` no NaN, so that minus infinity is such a number.
static float threshold(double base, double limit) {
  int64_t low = -0x7f800000, high = 0x7f800000;  // minus and plus infinity
  if (base + (double)at_rank(high) <= limit) return at_rank(high);
  // The guess is right but for a rounding or two.
  int64_t guess = rank_of((float)(limit - base));
  if (guess > low + 2 && guess < high - 2) {
    if (base + (double)at_rank(guess - 2) <= limit) low = guess - 2;
    if (!(base + (double)at_rank(guess + 2) <= limit)) high = guess + 2;
  }
  while (high - low > 1) {
    int64_t middle = low + (high - low) / 2;
    if (base + (double)at_rank(middle) <= limit) low = middle;
    else high = middle;
  }
  return at_rank(low);
}

// Without biases one comparison of floats decides exactly; with them the sum is worked out in double.
CKK_AVX512 static size_t above(const float *dots, const float *biases, size_t count, double base,
                               double limit, int32_t *places) {
  size_t found = 0, i = 0;
  if (!biases) {
    if (!(base - base == 0) || limit != limit) {
      // Not finite: there is no order to search.
      for (; i < count; i++) {
        if (base + (double)dots[i] > limit) places[found++] = (int32_t)i;
      }
      return found;
    }
    __m512 limits = _mm512_set1_ps(threshold(base, limit));
    for (; i < count; i += 64) {
      uint64_t mask = 0;
      for (size_t part = 0; part < 4 && i + part * 16 < count; part++) {
        size_t rest = count - i - part * 16;
        __mmask16 lanes = rest < 16 ? (__mmask16)((1u << rest) - 1) : 0xffff;
        __m512 some = _mm512_maskz_loadu_ps(lanes, dots + i + part * 16);
        __mmask16 hits = _mm512_mask_cmp_ps_mask(lanes, some, limits, _CMP_GT_OQ);
        mask |= (uint64_t)hits << (part * 16);
      }
      for (; mask; mask &= mask - 1) {
        places[found++] = (int32_t)(i + (size_t)__builtin_ctzll(mask));
      }
    }
    return found;
  }
  __m512d bases = _mm512_set1_pd(base), limits = _mm512_set1_pd(limit);
  for (; i + 16 <= count; i += 16) {
    __m512d low = _mm512_add_pd(bases, _mm512_cvtps_pd(_mm256_loadu_ps(biases + i)));
    __m512d high = _mm512_add_pd(bases, _mm512_cvtps_pd(_mm256_loadu_ps(biases + i + 8)));
    low = _mm512_add_pd(low, _mm512_cvtps_pd(_mm256_loadu_ps(dots + i)));
    high = _mm512_add_pd(high, _mm512_cvtps_pd(_mm256_loadu_ps(dots + i + 8)));
    unsigned mask = (unsigned)_mm512_cmp_pd_mask(low, limits, _CMP_GT_OQ) |
                    (unsigned)_mm512_cmp_pd_mask(high, limits, _CMP_GT_OQ) << 8;
    for (; mask; mask &= mask - 1) places[found++] = (int32_t)(i + (size_t)__builtin_ctz(mask));
  }
  for (; i < count; i++) {
    if ((base + (double)biases[i]) + (double)dots[i] > limit) places[found++] = (int32_t)i;
  }
  return found;
}

const ckk_kernels ckk_avx512_kernels = {"avx512", ckk_avx2_scores, ckk_avx2_gathered, ckk_avx2_sgd,
                                        products, above, ckk_avx2_standing};

#endif
