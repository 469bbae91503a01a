// The implementations that dispatch.c chooses among.
// SPDX-License-Identifier: Apache-2.0
#ifndef CKK_KERNELS_H
#define CKK_KERNELS_H

#include "CKindredKernels.h"

#if defined(__x86_64__)
#define CKK_HAS_AVX2 1
extern const ckk_kernels ckk_avx2_kernels;
#endif

#if defined(__aarch64__)
#define CKK_HAS_NEON 1
extern const ckk_kernels ckk_neon_kernels;
#endif

extern const ckk_kernels ckk_portable_kernels;

#endif
