// The kernels for x86-64 processors with AVX2 and FMA.
// SPDX-License-Identifier: Apache-2.0

#include "kernels.h"

#if defined(CKK_HAS_AVX2)
#include <immintrin.h>

#pragma STDC FP_CONTRACT OFF

#define CKK_AVX2 __attribute__((target("avx2,fma")))

// Eight rows by eight dimensions, turned so that lane r of columns[k] is row r's dimension k.
CKK_AVX2 static inline void transpose(__m256 rows[8]) {
  __m256 a0 = _mm256_unpacklo_ps(rows[0], rows[1]), a1 = _mm256_unpackhi_ps(rows[0], rows[1]);
  __m256 a2 = _mm256_unpacklo_ps(rows[2], rows[3]), a3 = _mm256_unpackhi_ps(rows[2], rows[3]);
  __m256 a4 = _mm256_unpacklo_ps(rows[4], rows[5]), a5 = _mm256_unpackhi_ps(rows[4], rows[5]);
  __m256 a6 = _mm256_unpacklo_ps(rows[6], rows[7]), a7 = _mm256_unpackhi_ps(rows[6], rows[7]);
  __m256 b0 = _mm256_shuffle_ps(a0, a2, 0x44), b1 = _mm256_shuffle_ps(a0, a2, 0xEE);
  __m256 b2 = _mm256_shuffle_ps(a1, a3, 0x44), b3 = _mm256_shuffle_ps(a1, a3, 0xEE);
  __m256 b4 = _mm256_shuffle_ps(a4, a6, 0x44), b5 = _mm256_shuffle_ps(a4, a6, 0xEE);
  __m256 b6 = _mm256_shuffle_ps(a5, a7, 0x44), b7 = _mm256_shuffle_ps(a5, a7, 0xEE);
  rows[0] = _mm256_permute2f128_ps(b0, b4, 0x20);
  rows[1] = _mm256_permute2f128_ps(b1, b5, 0x20);
  rows[2] = _mm256_permute2f128_ps(b2, b6, 0x20);
  rows[3] = _mm256_permute2f128_ps(b3, b7, 0x20);
  rows[4] = _mm256_permute2f128_ps(b0, b4, 0x31);
  rows[5] = _mm256_permute2f128_ps(b1, b5, 0x31);
  rows[6] = _mm256_permute2f128_ps(b2, b6, 0x31);
  rows[7] = _mm256_permute2f128_ps(b3, b7, 0x31);
}

// Lanes are rows, so that each row keeps one accumulator over the dimensions in order.
CKK_AVX2 void ckk_avx2_scores(const float *query, const float *rows, size_t count,
                              size_t dimension, float *scores) {
  static const int32_t masks[16] = {-1, -1, -1, -1, -1, -1, -1, -1};
  size_t row = 0;
  for (; row + 8 <= count; row += 8) {
    const float *first = rows + row * dimension;
    __m256 sum = _mm256_setzero_ps();
    __m256 tile[8];
    size_t k = 0;
    for (; k + 8 <= dimension; k += 8) {
      for (size_t r = 0; r < 8; r++) tile[r] = _mm256_loadu_ps(first + r * dimension + k);
      transpose(tile);
      for (size_t j = 0; j < 8; j++) {
        sum = _mm256_fmadd_ps(_mm256_broadcast_ss(query + k + j), tile[j], sum);
      }
    }
    if (k < dimension) {
      size_t rest = dimension - k;
      __m256i mask = _mm256_loadu_si256((const __m256i *)(masks + 8 - rest));
      for (size_t r = 0; r < 8; r++) tile[r] = _mm256_maskload_ps(first + r * dimension + k, mask);
      transpose(tile);
      for (size_t j = 0; j < rest; j++) {
        sum = _mm256_fmadd_ps(_mm256_broadcast_ss(query + k + j), tile[j], sum);
      }
    }
    _mm256_storeu_ps(scores + row, sum);
  }
  for (; row < count; row++) {
    const float *vector = rows + row * dimension;
    __m128 sum = _mm_setzero_ps();
    for (size_t k = 0; k < dimension; k++) {
      sum = _mm_fmadd_ss(_mm_load_ss(query + k), _mm_load_ss(vector + k), sum);
    }
    scores[row] = _mm_cvtss_f32(sum);
  }
}

// The same for rows that do not follow one another; the last one stands in for those that eight lack.
CKK_AVX2 void ckk_avx2_gathered(const float *query, const float *rows, size_t stride,
                                const int32_t *places, size_t count, size_t dimension,
                                float *scores) {
  static const int32_t masks[16] = {-1, -1, -1, -1, -1, -1, -1, -1};
  for (size_t first = 0; first < count; first += 8) {
    size_t here = count - first < 8 ? count - first : 8;
    const float *vectors[8];
    for (size_t r = 0; r < 8; r++) {
      vectors[r] = rows + (size_t)places[first + (r < here ? r : here - 1)] * stride;
    }
    __m256 sum = _mm256_setzero_ps();
    __m256 tile[8];
    size_t k = 0;
    for (; k + 8 <= dimension; k += 8) {
      for (size_t r = 0; r < 8; r++) tile[r] = _mm256_loadu_ps(vectors[r] + k);
      transpose(tile);
      for (size_t j = 0; j < 8; j++) {
        sum = _mm256_fmadd_ps(_mm256_broadcast_ss(query + k + j), tile[j], sum);
      }
    }
    if (k < dimension) {
      size_t rest = dimension - k;
      __m256i mask = _mm256_loadu_si256((const __m256i *)(masks + 8 - rest));
      for (size_t r = 0; r < 8; r++) tile[r] = _mm256_maskload_ps(vectors[r] + k, mask);
      transpose(tile);
      for (size_t j = 0; j < rest; j++) {
        sum = _mm256_fmadd_ps(_mm256_broadcast_ss(query + k + j), tile[j], sum);
      }
    }
    float lanes[8];
    _mm256_storeu_ps(lanes, sum);
    for (size_t r = 0; r < here; r++) scores[first + r] = lanes[r];
  }
}

// `group` queries, six at most, against one panel. Twelve sums, two loads of the panel and a number
// of a query are fifteen of the sixteen registers; each sum is one accumulator over the dimensions.
CKK_AVX2 static inline __attribute__((always_inline)) void tile(
    const float *queries, const size_t group, const float *panel, size_t dimension,
    float *products, size_t width) {
  __m256 low[6], high[6];
  for (size_t q = 0; q < group; q++) low[q] = high[q] = _mm256_setzero_ps();
  for (size_t k = 0; k < dimension; k++) {
    __m256 a = _mm256_loadu_ps(panel + k * CKK_PANEL_ROWS);
    __m256 b = _mm256_loadu_ps(panel + k * CKK_PANEL_ROWS + 8);
    for (size_t q = 0; q < group; q++) {
      __m256 x = _mm256_broadcast_ss(queries + q * dimension + k);
      low[q] = _mm256_fmadd_ps(x, a, low[q]);
      high[q] = _mm256_fmadd_ps(x, b, high[q]);
    }
  }
  for (size_t q = 0; q < group; q++) {
    _mm256_storeu_ps(products + q * width, low[q]);
    _mm256_storeu_ps(products + q * width + 8, high[q]);
  }
}

// The panel is in the first cache while all the queries pass over it.
CKK_AVX2 static void products(const float *queries, size_t query_count, const float *panels,
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

// Hardly any place is above the limit, so that one branch for eight of them is well predicted.
CKK_AVX2 static size_t above(const float *dots, const float *biases, size_t count, double base,
                             double limit, int32_t *places) {
  size_t found = 0, i = 0;
  __m256d bases = _mm256_set1_pd(base), limits = _mm256_set1_pd(limit);
  for (; i + 8 <= count; i += 8) {
    __m256d low = bases, high = bases;
    if (biases) {
      low = _mm256_add_pd(low, _mm256_cvtps_pd(_mm_loadu_ps(biases + i)));
      high = _mm256_add_pd(high, _mm256_cvtps_pd(_mm_loadu_ps(biases + i + 4)));
    }
    low = _mm256_add_pd(low, _mm256_cvtps_pd(_mm_loadu_ps(dots + i)));
    high = _mm256_add_pd(high, _mm256_cvtps_pd(_mm_loadu_ps(dots + i + 4)));
    unsigned mask = (unsigned)_mm256_movemask_pd(_mm256_cmp_pd(low, limits, _CMP_GT_OQ)) |
                    (unsigned)_mm256_movemask_pd(_mm256_cmp_pd(high, limits, _CMP_GT_OQ)) << 4;
    for (; mask; mask &= mask - 1) places[found++] = (int32_t)(i + (size_t)__builtin_ctz(mask));
  }
  for (; i < count; i++) {
    double start = biases ? base + (double)biases[i] : base;
    if (start + (double)dots[i] > limit) places[found++] = (int32_t)i;
  }
  return found;
}

// A comparison that holds is −1 in its lane.
CKK_AVX2 void ckk_avx2_standing(const float *dots, const float *biases, size_t count, double base,
                                double limit, size_t *greater, size_t *equal) {
  size_t i = 0;
  __m256d bases = _mm256_set1_pd(base), limits = _mm256_set1_pd(limit);
  __m256i above = _mm256_setzero_si256(), beside = _mm256_setzero_si256();
  for (; i + 4 <= count; i += 4) {
    __m256d score = bases;
    if (biases) score = _mm256_add_pd(score, _mm256_cvtps_pd(_mm_loadu_ps(biases + i)));
    score = _mm256_add_pd(score, _mm256_cvtps_pd(_mm_loadu_ps(dots + i)));
    above = _mm256_sub_epi64(above, _mm256_castpd_si256(_mm256_cmp_pd(score, limits, _CMP_GT_OQ)));
    beside = _mm256_sub_epi64(beside, _mm256_castpd_si256(_mm256_cmp_pd(score, limits, _CMP_EQ_OQ)));
  }
  uint64_t lanes[8];
  _mm256_storeu_si256((__m256i *)lanes, above);
  _mm256_storeu_si256((__m256i *)(lanes + 4), beside);
  for (size_t lane = 0; lane < 4; lane++) {
    *greater += lanes[lane];
    *equal += lanes[lane + 4];
  }
  for (; i < count; i++) {
    double score = (biases ? base + (double)biases[i] : base) + (double)dots[i];
    *greater += score > limit;
    *equal += score == limit;
  }
}

const ckk_kernels ckk_avx2_kernels = {"avx2", ckk_avx2_scores, ckk_avx2_gathered, ckk_avx2_sgd,
                                      products, above, ckk_avx2_standing};

#endif
