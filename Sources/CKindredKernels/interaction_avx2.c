// The kernels of weighted least squares over all pairs for x86-64 processors with AVX2 and FMA.
// SPDX-License-Identifier: Apache-2.0

#include "kernels.h"

#if defined(CKK_HAS_AVX2)
#define CKK_TARGET __attribute__((target("avx2,fma")))
#define CKK_INTERACTION_KERNELS ckk_avx2_interactions
#define CKK_INTERACTION_NAME "avx2"
#include "interaction_kernels.h"
#endif
