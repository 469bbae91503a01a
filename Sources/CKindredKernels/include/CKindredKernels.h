// Kindred's innermost loops, one implementation per instruction set, chosen when the program runs.
// SPDX-License-Identifier: Apache-2.0
//
// Every implementation performs the same floating-point operations in the same order, each product
// fused into its sum, so that all of them give the same bits. The plain Swift twins in
// Sources/Kindred/Numerics/PlainKernels.swift define that order and are the tests' oracle.
#ifndef CKINDREDKERNELS_H
#define CKINDREDKERNELS_H

#include <stddef.h>
#include <stdint.h>

#include "CKindredRowKernels.h"

/// Rows that the SGD kernel works on are padded with zeros to a multiple of this many floats.
#define CKK_SGD_PADDING 8

/// How many rows a panel holds: rows turned, so that the numbers of one dimension lie side by side.
#define CKK_PANEL_ROWS 16

/// What one run of SGD updates works on. Row r of `users` starts at `users + r * stride`.
typedef struct ckk_sgd {
  float *users;
  float *items;
  float *user_biases;  // NULL where the model has no biases
  float *item_biases;  // NULL where the model has no biases
  size_t stride;       // a multiple of CKK_SGD_PADDING
  float mean;
  float step;   // 2 * rate: the 2 is the square's
  float decay;  // 1 - 2 * rate * regularization
} ckk_sgd;

/// Asks for the cache line of an address that will be read soon; any address may be given.
static inline void ckk_prefetch(const void *address) { __builtin_prefetch(address); }

typedef struct ckk_kernels {
  /// "avx2", "neon" or "portable".
  const char *name;
  /// scores[r] = the dot product of `query` and row r, in one accumulator over the dimensions.
  void (*scores)(const float *query, const float *rows, size_t count, size_t dimension,
                 float *scores);
  /// Updates both rows of each rating in turn; returns the sum of squared errors before each.
  double (*sgd)(const ckk_sgd *model, const int32_t *user_rows, const int32_t *item_rows,
                const float *ratings, size_t count);
  /// products[q * width + r] = the dot product of query q and row r of the panels, with the bits
  /// that `scores` gives; width = panel_count * CKK_PANEL_ROWS. Dimension k of row r of a panel is
  /// at k * CKK_PANEL_ROWS + r in it.
  void (*products)(const float *queries, size_t query_count, const float *panels,
                   size_t panel_count, size_t dimension, float *products);
  /// Writes the places, in order, where (base + biases[i]) + dots[i] > limit, worked out in double,
  /// and returns how many there are. `biases` may be NULL; `places` has room for `count`.
  size_t (*above)(const float *dots, const float *biases, size_t count, double base, double limit,
                  int32_t *places);
  /// Adds to `greater` and `equal` how many of the same scores are above `limit`, or equal to it.
  void (*standing)(const float *dots, const float *biases, size_t count, double base, double limit,
                   size_t *greater, size_t *equal);
  /// The kernels of least squares row by row.
  const ckk_row_kernels *rows;
} ckk_kernels;

/// The fastest implementation that this processor runs.
const ckk_kernels *ckk_best(void);

/// The implementation that every processor runs.
const ckk_kernels *ckk_portable(void);

#endif
