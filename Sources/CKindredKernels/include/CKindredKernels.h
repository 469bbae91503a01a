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

/// Rows that the SGD kernel works on are padded with zeros to a multiple of this many floats.
#define CKK_SGD_PADDING 8

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

typedef struct ckk_kernels {
  /// "avx2", "neon" or "portable".
  const char *name;
  /// scores[r] = the dot product of `query` and row r, in one accumulator over the dimensions.
  void (*scores)(const float *query, const float *rows, size_t count, size_t dimension,
                 float *scores);
  /// Updates both rows of each rating in turn; returns the sum of squared errors before each.
  double (*sgd)(const ckk_sgd *model, const int32_t *user_rows, const int32_t *item_rows,
                const float *ratings, size_t count);
} ckk_kernels;

/// The fastest implementation that this processor runs.
const ckk_kernels *ckk_best(void);

/// The implementation that every processor runs.
const ckk_kernels *ckk_portable(void);

#endif
