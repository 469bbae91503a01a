// The scan kernel for x86-64 processors with AVX-512 and its instructions for bytes.
// SPDX-License-Identifier: Apache-2.0

#include "scan_kernels.h"

#if defined(CKK_HAS_AVX2)
#include <immintrin.h>
#include <string.h>

#pragma STDC FP_CONTRACT OFF

#define CKK_VNNI __attribute__((target("avx2,fma,avx512f,avx512vnni")))

// Lanes are rows. The instruction multiplies bytes without a sign by bytes with one: rows are raised
// by 128, and what the query gains by that is taken off in the end.
CKK_VNNI static inline __attribute__((always_inline)) void some(
    const int8_t *query, const int8_t *panels, const size_t count, size_t groups, __m512i rise,
    const float *scales, const float *biases, __m512 factor, float *scores) {
  size_t size = groups * CKK_PANEL_ROWS * CKK_SCAN_GROUP;
  __m512i sums[4];
  for (size_t p = 0; p < count; p++) sums[p] = _mm512_setzero_si512();
  for (size_t g = 0; g < groups; g++) {
    int32_t four;
    memcpy(&four, query + g * CKK_SCAN_GROUP, sizeof four);
    __m512i x = _mm512_set1_epi32(four);
    for (size_t p = 0; p < count; p++) {
      __m512i rows = _mm512_loadu_si512(panels + p * size + g * 64);
      rows = _mm512_xor_si512(rows, _mm512_set1_epi32((int32_t)0x80808080));
      sums[p] = _mm512_dpbusd_epi32(sums[p], rows, x);
    }
  }
  for (size_t p = 0; p < count; p++) {
    __m512 sum = _mm512_cvtepi32_ps(_mm512_sub_epi32(sums[p], rise));
    __m512 scale = _mm512_mul_ps(_mm512_loadu_ps(scales + p * CKK_PANEL_ROWS), factor);
    __m512 bias = biases ? _mm512_loadu_ps(biases + p * CKK_PANEL_ROWS) : _mm512_setzero_ps();
    _mm512_storeu_ps(scores + p * CKK_PANEL_ROWS, _mm512_fmadd_ps(sum, scale, bias));
  }
}

CKK_VNNI static void scan(const int8_t *query, const int8_t *panels, size_t panel_count,
                          size_t groups, const float *scales, const float *biases, float factor,
                          float *scores) {
  size_t size = groups * CKK_PANEL_ROWS * CKK_SCAN_GROUP, p = 0;
  int32_t sum = 0;
  for (size_t k = 0; k < groups * CKK_SCAN_GROUP; k++) sum += query[k];
  __m512i rise = _mm512_set1_epi32(sum * 128);
  __m512 factors = _mm512_set1_ps(factor);
  for (; p + 4 <= panel_count; p += 4) {
    size_t first = p * CKK_PANEL_ROWS;
    some(query, panels + p * size, 4, groups, rise, scales + first,
         biases ? biases + first : NULL, factors, scores + first);
  }
  for (; p < panel_count; p++) {
    size_t first = p * CKK_PANEL_ROWS;
    some(query, panels + p * size, 1, groups, rise, scales + first,
         biases ? biases + first : NULL, factors, scores + first);
  }
}

const ckk_scan_kernels ckk_avx512_scan = {"avx512", scan};

#endif
