// The scan kernel for x86-64 processors with AVX2 and FMA.
// SPDX-License-Identifier: Apache-2.0

#include "scan_kernels.h"

#if defined(CKK_HAS_AVX2)
#include <immintrin.h>
#include <string.h>

#pragma STDC FP_CONTRACT OFF

#define CKK_AVX2 __attribute__((target("avx2,fma")))

// Bytes are widened, since sums of their products would not fit into 16 bits. A register holds four
// rows by four dimensions, and then four rows' sums of two dimensions each.
CKK_AVX2 static void scan(const int8_t *query, const int8_t *panels, size_t panel_count,
                          size_t groups, const float *scales, const float *biases, float factor,
                          float *scores) {
  __m256 factors = _mm256_set1_ps(factor);
  for (size_t p = 0; p < panel_count; p++) {
    const int8_t *panel = panels + p * groups * CKK_PANEL_ROWS * CKK_SCAN_GROUP;
    __m256i sums[4];
    for (size_t part = 0; part < 4; part++) sums[part] = _mm256_setzero_si256();
    for (size_t g = 0; g < groups; g++) {
      int32_t four;
      memcpy(&four, query + g * CKK_SCAN_GROUP, sizeof four);
      __m256i x = _mm256_cvtepi8_epi16(_mm_set1_epi32(four));
      for (size_t part = 0; part < 4; part++) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(panel + g * 64 + part * 16));
        sums[part] = _mm256_add_epi32(
            sums[part], _mm256_madd_epi16(_mm256_cvtepi8_epi16(bytes), x));
      }
    }
    for (size_t half = 0; half < 2; half++) {
      // Rows 0, 1, 4, 5, 2, 3, 6, 7 of eight, since the instruction adds within each half register.
      __m256i mixed = _mm256_hadd_epi32(sums[2 * half], sums[2 * half + 1]);
      __m256 sum = _mm256_cvtepi32_ps(_mm256_permute4x64_epi64(mixed, 0xD8));
      size_t i = p * CKK_PANEL_ROWS + half * 8;
      __m256 scale = _mm256_mul_ps(_mm256_loadu_ps(scales + i), factors);
      __m256 bias = biases ? _mm256_loadu_ps(biases + i) : _mm256_setzero_ps();
      _mm256_storeu_ps(scores + i, _mm256_fmadd_ps(sum, scale, bias));
    }
  }
}

const ckk_scan_kernels ckk_avx2_scan = {"avx2", scan};

#endif
