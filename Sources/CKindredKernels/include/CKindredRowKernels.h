// The innermost loops of least squares row by row: sums of outer products, factors, substitutions.
// SPDX-License-Identifier: Apache-2.0
//
// Every number that these kernels make has one accumulator over its terms in a fixed order, so that
// all implementations give the same bits; Sources/Kindred/Numerics/PlainRowSystem.swift defines it.
#ifndef CKINDREDROWKERNELS_H
#define CKINDREDROWKERNELS_H

#include <stddef.h>
#include <stdint.h>

/// How many columns a panel of a system holds: their numbers of one row lie side by side.
#define CKK_SYSTEM_COLUMNS 8

/// How many rows of a matrix are worked on at a time; its panels have room for a multiple of it.
#define CKK_SYSTEM_ROWS 4

/// Where the weighted least-squares equations of one row are, and where their factor goes.
///
/// The unknowns are columns 0 ..< width, the right side is column `width`, zeros follow to the end of
/// the last panel: there are width / 8 + 1 panels. Column j of row i of a matrix in panels is at
/// j / 8 * pitch + i * 8 + j % 8. Panels are aligned to 32 bytes.
typedef struct ckk_system {
  size_t width;         // unknowns, 1 or more
  const float *left;    // the entries' features, weighted; may be `right`
  const float *right;   // the entries' features with their targets as column `width`
  size_t entry_pitch;   // floats from one panel of entries to the next
  size_t count;         // entries
  const float *start;   // what the sums start from, in panels like the factor; NULL for zeros
  double ridge;         // joins the diagonal
  double tolerance;     // a pivot must be above this part of its diagonal element
  float *factor;        // the upper factor U with UᵀU = A; column `width` becomes U⁻ᵀ times the right side
  size_t factor_pitch;  // floats from one panel of the matrix to the next
  float *inverses;      // 1 / U[i][i]; room for a multiple of CKK_SYSTEM_ROWS
} ckk_system;

typedef struct ckk_row_kernels {
  /// "avx512", "avx2", "neon" or "portable".
  const char *name;
  /// The dot product in four accumulators of eight lanes: block b of eight goes to accumulator b mod
  /// 4, the last block is filled up with zeros, and the lanes are added in halves.
  float (*dot)(const float *a, const float *b, size_t count);
  /// y[k] = scale * x[k] + y[k], each product fused into its sum.
  void (*axpy)(float scale, const float *x, float *y, size_t count);
  /// Copies `count` rows of a table into panels: features, target (0 if `targets` is NULL), zeros.
  /// Row n is the table's row rows[n], or first + n if `rows` is NULL. With weights, `left` gets
  /// weight * feature; without, only `right` is written.
  void (*pack)(const float *table, size_t stride, size_t width, const int32_t *rows, size_t first,
               const float *targets, const float *weights, size_t count, float *left, float *right,
               size_t pitch);
  /// Adds the entries' sums of outer products, each made in float over the entries in order, to
  /// `sums`, a matrix in panels of double; the upper triangle counts.
  void (*add_products)(const ckk_system *system, double *sums);
  /// start[n] = (float)(sums[n] + start[n]).
  void (*round_sums)(const double *sums, float *start, size_t count);
  /// U with UᵀU = start + Σ left rightᵀ + ridge · I, and U⁻ᵀ times the right side beside it.
  /// Returns `width`, or the place of the first pivot that is not above its floor or not finite.
  size_t (*factor)(const ckk_system *system);
  /// x = U⁻¹ y. `y` and `x`: [width]; `sums`: scratch of width * 8 floats, aligned to 32 bytes.
  void (*solve_upper)(const ckk_system *system, const float *y, float *x, float *sums);
  /// y = U⁻ᵀ b for some right sides. `b` and `y`: [count][width]; they may be the same.
  void (*solve_lower)(const ckk_system *system, const float *b, float *y, size_t count);
} ckk_row_kernels;

/// The implementations that this processor runs, the fastest first and portable C last; NULL beyond.
const ckk_row_kernels *ckk_row_choice(size_t place);

#endif
