// The kernel that looks through rows of bytes for one query.
// SPDX-License-Identifier: Apache-2.0
#ifndef CKINDREDSCANKERNELS_H
#define CKINDREDSCANKERNELS_H

#include <stddef.h>
#include <stdint.h>

/// How many dimensions of a row lie side by side in a panel of bytes.
#define CKK_SCAN_GROUP 4

/// The most groups of dimensions: their sums stay in 32 bits.
#define CKK_SCAN_GROUPS 16384

typedef struct ckk_scan_kernels {
  /// "avx512", "avx2", "neon" or "portable".
  const char *name;
  /// scores[i] = fmaf((float)sum, scales[i] * factor, biases[i]), where sum is the dot product of the
  /// query and row i in whole numbers; without biases (NULL) they are 0.
  ///
  /// Bytes are from -127 to 127. A panel holds CKK_PANEL_ROWS rows: dimension k of row r of a panel is
  /// at (k / 4 * CKK_PANEL_ROWS + r) * 4 + k % 4 in it. `query` has 4 * groups bytes, `scales`,
  /// `biases` and `scores` have panel_count * CKK_PANEL_ROWS numbers.
  void (*scan)(const int8_t *query, const int8_t *panels, size_t panel_count, size_t groups,
               const float *scales, const float *biases, float factor, float *scores);
} ckk_scan_kernels;

/// The implementations that this processor runs, the fastest at place 0; NULL after the last.
const ckk_scan_kernels *ckk_scan_choice(size_t place);

#endif
