// The scan kernel for 64-bit Arm processors.
// SPDX-License-Identifier: Apache-2.0

#include "scan_kernels.h"

#if defined(CKK_HAS_NEON)
#include <arm_neon.h>
#include <string.h>

#pragma STDC FP_CONTRACT OFF

// A register holds two rows by four dimensions as products, and then two rows' sums of two dimensions
// each.
static void scan(const int8_t *query, const int8_t *panels, size_t panel_count, size_t groups,
                 const float *scales, const float *biases, float factor, float *scores) {
  for (size_t p = 0; p < panel_count; p++) {
    const int8_t *panel = panels + p * groups * CKK_PANEL_ROWS * CKK_SCAN_GROUP;
    int32x4_t sums[8];
    for (size_t part = 0; part < 8; part++) sums[part] = vdupq_n_s32(0);
    for (size_t g = 0; g < groups; g++) {
      int32_t four;
      memcpy(&four, query + g * CKK_SCAN_GROUP, sizeof four);
      int8x8_t x = vreinterpret_s8_s32(vdup_n_s32(four));
      for (size_t part = 0; part < 8; part++) {
        int8x8_t rows = vld1_s8(panel + g * 64 + part * 8);
        sums[part] = vpadalq_s16(sums[part], vmull_s8(rows, x));
      }
    }
    for (size_t part = 0; part < 4; part++) {
      float32x4_t sum = vcvtq_f32_s32(vpaddq_s32(sums[2 * part], sums[2 * part + 1]));
      size_t i = p * CKK_PANEL_ROWS + part * 4;
      float32x4_t scale = vmulq_n_f32(vld1q_f32(scales + i), factor);
      float32x4_t bias = biases ? vld1q_f32(biases + i) : vdupq_n_f32(0);
      vst1q_f32(scores + i, vfmaq_f32(bias, sum, scale));
    }
  }
}

const ckk_scan_kernels ckk_neon_scan = {"neon", scan};

#endif
