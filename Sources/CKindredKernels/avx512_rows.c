// The row kernels for x86-64 processors with AVX-512.
// SPDX-License-Identifier: Apache-2.0

#include "kernels.h"

#if defined(CKK_HAS_AVX2)
#define CKK_TARGET __attribute__((target("avx2,fma,avx512f,avx512vl")))
#define CKK_ROW_KERNELS ckk_avx512_rows
#define CKK_ROW_NAME "avx512"
#define CKK_PAIRED 1
#include "row_kernels.h"
#endif
