// The kernels of weighted least squares over all pairs for x86-64 processors with AVX-512.
// SPDX-License-Identifier: Apache-2.0

#include "kernels.h"

#if defined(CKK_HAS_AVX2)
#define CKK_TARGET __attribute__((target("avx2,fma,avx512f,avx512vl")))
#define CKK_INTERACTION_KERNELS ckk_avx512_interactions
#define CKK_INTERACTION_NAME "avx512"
#include "interaction_kernels.h"
#endif
