// The softmax kernels for x86-64 processors with AVX-512.
// SPDX-License-Identifier: Apache-2.0

#include "kernels.h"

#if defined(CKK_HAS_AVX2)
#define CKK_TARGET __attribute__((target("avx2,fma,avx512f,avx512vl")))
#define CKK_SOFTMAX_KERNELS ckk_avx512_softmax
#define CKK_SOFTMAX_NAME "avx512"
#define CKK_TILE_ROWS 6
#define CKK_TILE_VECTORS 4
#include "softmax_kernels.h"
#endif
