// The implementations that dispatch.c chooses among.
// SPDX-License-Identifier: Apache-2.0
#ifndef CKK_KERNELS_H
#define CKK_KERNELS_H

#include "CKindredKernels.h"

typedef double ckk_sgd_function(const ckk_sgd_block *block, const uint32_t *counts,
                                const ckk_sgd_rating *ratings);

#if defined(__x86_64__)
#define CKK_HAS_AVX2 1
extern const ckk_kernels ckk_avx2_kernels;
extern const ckk_kernels ckk_avx512_kernels;
// Wider registers would gain these nothing: they wait for memory, or turn rows within a register.
void ckk_avx2_scores(const float *query, const float *rows, size_t count, size_t dimension,
                     float *scores);
void ckk_avx2_gathered(const float *query, const float *rows, size_t stride, const int32_t *places,
                       size_t count, size_t dimension, float *scores);
void ckk_avx2_standing(const float *dots, const float *biases, size_t count, double base,
                       double limit, size_t *greater, size_t *equal);
ckk_sgd_function ckk_avx2_sgd;
extern const ckk_row_kernels ckk_avx2_rows;
extern const ckk_row_kernels ckk_avx512_rows;
extern const ckk_softmax_kernels ckk_avx2_softmax;
extern const ckk_softmax_kernels ckk_avx512_softmax;
#endif

#if defined(__aarch64__)
#define CKK_HAS_NEON 1
extern const ckk_kernels ckk_neon_kernels;
extern const ckk_row_kernels ckk_neon_rows;
extern const ckk_softmax_kernels ckk_neon_softmax;
ckk_sgd_function ckk_neon_sgd;
#endif

extern const ckk_kernels ckk_portable_kernels;
extern const ckk_row_kernels ckk_portable_rows;
extern const ckk_softmax_kernels ckk_portable_softmax;
ckk_sgd_function ckk_portable_sgd;

#endif
