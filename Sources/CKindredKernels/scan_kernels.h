// The implementations that scan_dispatch.c chooses among.
// SPDX-License-Identifier: Apache-2.0
#ifndef CKK_SCAN_KERNELS_H
#define CKK_SCAN_KERNELS_H

#include "CKindredKernels.h"

#if defined(__x86_64__)
#define CKK_HAS_AVX2 1
extern const ckk_scan_kernels ckk_avx512_scan;
extern const ckk_scan_kernels ckk_avx2_scan;
#endif

#if defined(__aarch64__)
#define CKK_HAS_NEON 1
extern const ckk_scan_kernels ckk_neon_scan;
#endif

extern const ckk_scan_kernels ckk_portable_scan;

#endif
