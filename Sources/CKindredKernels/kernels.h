// The implementations that dispatch.c chooses among.
// SPDX-License-Identifier: Apache-2.0
#ifndef CKK_KERNELS_H
#define CKK_KERNELS_H

#include "CKindredKernels.h"

#if defined(__x86_64__)
#define CKK_HAS_AVX2 1
extern const ckk_kernels ckk_avx2_kernels;
extern const ckk_row_kernels ckk_avx2_rows;
#endif

#if defined(__aarch64__)
#define CKK_HAS_NEON 1
extern const ckk_kernels ckk_neon_kernels;
extern const ckk_row_kernels ckk_neon_rows;
#endif

extern const ckk_kernels ckk_portable_kernels;
extern const ckk_row_kernels ckk_portable_rows;

#endif
