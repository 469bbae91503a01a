// The innermost loops of the softmax method: scores of many users and items, and sums of their rows.
// SPDX-License-Identifier: Apache-2.0
//
// Rows have a stride of whole vectors of CKK_SOFTMAX_LANES numbers, filled up with zeros, and start on a
// cache line. Every number that these kernels make has one accumulator over its terms in a fixed order,
// so that all implementations give the same bits; Sources/Kindred/Numerics/PlainSoftmax.swift defines it.
#ifndef CKINDREDSOFTMAXKERNELS_H
#define CKINDREDSOFTMAXKERNELS_H

#include <stddef.h>
#include <stdint.h>

/// Rows have a stride of a multiple of this, and panels hold so many of them.
#define CKK_SOFTMAX_LANES 16

/// One step of Adam or AdaGrad.
typedef struct ckk_softmax_step {
  float scale;           // what a row's sum of terms is multiplied by to be its gradient
  float regularization;  // times the row, joins the gradient
  float rate;            // of Adam with the first moment's correction for its start
  float first, second;   // 1 - β of the moments; AdaGrad: second is 0
  float correction;      // of the second moment for its start
} ckk_softmax_step;

typedef struct ckk_softmax_kernels {
  /// "avx512", "avx2", "neon" or "portable".
  const char *name;
  /// Copies rows of a table, each divided by its length if `normalizes`, and says what it was divided by:
  /// units[n] = table[places[n]] / lengths[n], a length being at least `least`. If `panels` is there, they
  /// get the same numbers turned: dimension k of row n at (n / 16 * stride + k) * 16 + n % 16; the last
  /// panel is filled up with zeros.
  void (*units)(const float *table, size_t stride, const int32_t *places, size_t count,
                int normalizes, float least, float *units, float *lengths, float *panels);
  /// scores[u * pitch + i] = scale * (users[u] · item i of the panels) + offsets[i], the product over the
  /// dimensions in order; most[u] = the larger of itself and the largest of them.
  void (*scores)(const float *users, size_t user_count, const float *panels, size_t panel_count,
                 size_t stride, float scale, const float *offsets, float *scores, size_t pitch,
                 float *most);
  /// Replaces scores by exp(score - most), and returns their sum: `count`, a multiple of 16. What is below
  /// e to the -87 is 0.
  float (*exponentials)(float *scores, size_t count, float most);
  /// sums[a * stride + k] += Σ over b of factors[a * a_step + b * b_step] * rows[b * stride + k].
  void (*combine)(const float *factors, size_t a_step, size_t a_count, size_t b_step, size_t b_count,
                  const float *rows, size_t stride, float *sums);
  /// Moves a row against its gradient. `sum`: the gradient by the row's unit vector, before the step's
  /// scale. `unit` is NULL for a row that is not normalized. `first` is NULL for AdaGrad.
  void (*step)(const ckk_softmax_step *step, float *row, const float *sum, const float *unit,
               float length, size_t stride, float *first, float *second);
} ckk_softmax_kernels;

/// The implementations that this processor runs, the fastest first and portable C last; NULL beyond.
const ckk_softmax_kernels *ckk_softmax_choice(size_t place);

#endif
