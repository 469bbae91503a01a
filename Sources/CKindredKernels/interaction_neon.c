// The kernels of weighted least squares over all pairs for 64-bit Arm processors.
// SPDX-License-Identifier: Apache-2.0

#include "kernels.h"

#if defined(CKK_HAS_NEON)
#define CKK_TARGET
#define CKK_INTERACTION_KERNELS ckk_neon_interactions
#define CKK_INTERACTION_NAME "neon"
#include "interaction_kernels.h"
#endif
