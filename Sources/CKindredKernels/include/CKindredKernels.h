// Kindred's innermost loops, one implementation per instruction set, chosen when the program runs.
// SPDX-License-Identifier: Apache-2.0
//
// Every implementation performs the same floating-point operations in the same order, each product
// fused into its sum, so that all of them give the same bits. The plain Swift twins in
// Sources/Kindred/Numerics (PlainKernels.swift, PlainSGD.swift) define that order and are the tests'
// oracle.
#ifndef CKINDREDKERNELS_H
#define CKINDREDKERNELS_H

#include <stddef.h>
#include <stdint.h>

#include "CKindredInteractionKernels.h"
#include "CKindredPairKernels.h"
#include "CKindredRowKernels.h"
#include "CKindredScanKernels.h"
#include "CKindredSoftmaxKernels.h"
#include "CKindredWideKernels.h"

/// Rows that the SGD kernel works on are padded with zeros to a multiple of this many floats.
#define CKK_SGD_PADDING 8

/// How many rows a panel holds: rows turned, so that the numbers of one dimension lie side by side.
#define CKK_PANEL_ROWS 16

/// How many users' rows a group of the SGD kernel's ratings goes over.
#define CKK_SGD_GROUP 32

/// How far the SGD kernel looks ahead: the list of ratings is readable so far beyond its end.
#define CKK_SGD_AHEAD 8

/// What SGD keeps of a row beside its vector.
typedef struct ckk_sgd_row {
  float bias;
  float seen;   // what the row's rate falls with: its ratings so far, or its squared gradients
  float step;   // 2 * the row's rate (the 2 is the square's), as it is in this block
  float decay;  // 1 - step * regularization
} ckk_sgd_row;

/// A rating of a block: `place` = item * CKK_SGD_GROUP + the user's place in its group.
typedef struct ckk_sgd_rating {
  uint32_t place;
  float value;
} ckk_sgd_rating;

/// A block of SGD updates: the rows of one stripe of users and one of items, row after row.
typedef struct ckk_sgd_block {
  float *users;  // [user_count, stride]
  float *items;  // [item_count, stride]
  ckk_sgd_row *user_rows;
  ckk_sgd_row *item_rows;
  size_t user_count;
  size_t item_count;
  size_t stride;  // a multiple of CKK_SGD_PADDING
  float mean;
  float step;   // a new row's
  float slope;  // step of a row = step / sqrt(1 + slope * seen)
  float regularization;
  float gradient_share;  // 0: `seen` counts ratings; else 1 / dimension: it sums squared gradients
  uint32_t has_biases;   // else biases stay as they are
} ckk_sgd_block;

/// Asks for the cache line of an address that will be read soon; any address may be given.
static inline void ckk_prefetch(const void *address) { __builtin_prefetch(address); }

typedef struct ckk_kernels {
  /// "avx512", "avx2", "neon" or "portable".
  const char *name;
  /// scores[r] = the dot product of `query` and row r, in one accumulator over the dimensions.
  void (*scores)(const float *query, const float *rows, size_t count, size_t dimension,
                 float *scores);
  /// scores[n] = the dot product of `query` and the row at `rows + places[n] * stride`, as `scores`.
  void (*gathered)(const float *query, const float *rows, size_t stride, const int32_t *places,
                   size_t count, size_t dimension, float *scores);
  /// Sets the steps of the block's rows, then updates both rows of each rating in turn; returns the
  /// sum of squared errors before each. `counts` holds the number of ratings of each group of users.
  double (*sgd)(const ckk_sgd_block *block, const uint32_t *counts, const ckk_sgd_rating *ratings);
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
} ckk_kernels;

/// The implementations that this processor runs, the fastest at place 0; NULL after the last.
const ckk_kernels *ckk_choice(size_t place);

/// The fastest implementation that this processor runs.
const ckk_kernels *ckk_best(void);

#endif
