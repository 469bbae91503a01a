// The scan kernel in plain C, for any processor.
// SPDX-License-Identifier: Apache-2.0

#include <math.h>

#include "scan_kernels.h"

#pragma STDC FP_CONTRACT OFF

static void scan(const int8_t *query, const int8_t *panels, size_t panel_count, size_t groups,
                 const float *scales, const float *biases, float factor, float *scores) {
  for (size_t p = 0; p < panel_count; p++) {
    const int8_t *panel = panels + p * groups * CKK_PANEL_ROWS * CKK_SCAN_GROUP;
    int32_t sums[CKK_PANEL_ROWS] = {0};
    for (size_t g = 0; g < groups; g++) {
      for (size_t r = 0; r < CKK_PANEL_ROWS; r++) {
        const int8_t *row = panel + (g * CKK_PANEL_ROWS + r) * CKK_SCAN_GROUP;
        for (size_t k = 0; k < CKK_SCAN_GROUP; k++) {
          sums[r] += (int32_t)query[g * CKK_SCAN_GROUP + k] * row[k];
        }
      }
    }
    for (size_t r = 0; r < CKK_PANEL_ROWS; r++) {
      size_t i = p * CKK_PANEL_ROWS + r;
      scores[i] = fmaf((float)sums[r], scales[i] * factor, biases ? biases[i] : 0);
    }
  }
}

const ckk_scan_kernels ckk_portable_scan = {"portable", scan};
