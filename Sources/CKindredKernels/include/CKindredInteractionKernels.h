// The innermost loops of weighted least squares over all pairs, row by row, by conjugate gradients.
// SPDX-License-Identifier: Apache-2.0
//
// Sums over a row's numbers have sixteen lanes of one accumulator each, added up in halves; sums over a
// row's entries go in their order. All implementations give the same bits; PlainInteractions.swift in
// Sources/Kindred/Numerics defines them.
#ifndef CKINDREDINTERACTIONKERNELS_H
#define CKINDREDINTERACTIONKERNELS_H

#include <stddef.h>
#include <stdint.h>

/// What the stride of tables and vectors is a multiple of.
#define CKK_INTERACTION_LANES 16

/// The equations A x = b of a row: A = S + ridge I + sum of c y yᵀ, b = sum of c y over its entries, S
/// diagonal. Rows and vectors are aligned to 64 bytes; numbers beyond the dimension are zeros.
typedef struct ckk_interaction_row {
  const float *table;     // y, row after row
  size_t stride;          // floats from one row to the next, and in vectors
  const int32_t *rows;    // the entries' rows
  const float *weights;   // c; NULL where all are 1
  size_t count;           // entries
  const float *spectrum;  // S
  float ridge;            // above 0
  float share;            // the inverse of S (1 + share) + ridge is what A is preconditioned by
} ckk_interaction_row;

typedef struct ckk_interaction_kernels {
  /// "avx512", "avx2", "neon" or "portable".
  const char *name;
  /// r = b - A x. Returns the row's objective, sum of c (1 - y·x)² + x·(S + ridge) x.
  double (*residual)(const ckk_interaction_row *row, const float *x, float *r);
  /// r = sum of c (1 - y·x) y: the part of the residual that comes of the entries. Returns sum of
  /// c (1 - y·x)².
  double (*pull)(const ckk_interaction_row *row, const float *x, float *r);
  /// Steps of preconditioned conjugate gradients from x, whose residual is r; both are updated. Ends
  /// early once r·(r preconditioned) is not above `least`. `scratch`: 3 * stride floats, aligned to 64
  /// bytes. Returns by how much the objective falls.
  double (*descend)(const ckk_interaction_row *row, float *x, float *r, float *scratch,
                    size_t steps, double least);
} ckk_interaction_kernels;

/// The implementations that this processor runs, the fastest at place 0; NULL after the last.
const ckk_interaction_kernels *ckk_interaction_choice(size_t place);

#endif
