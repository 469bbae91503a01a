// The softmax kernels for 64-bit Arm processors.
// SPDX-License-Identifier: Apache-2.0

#include "kernels.h"

#if defined(CKK_HAS_NEON)
#define CKK_TARGET
#define CKK_SOFTMAX_KERNELS ckk_neon_softmax
#define CKK_SOFTMAX_NAME "neon"
#define CKK_TILE_ROWS 6
#define CKK_TILE_VECTORS 1
#include "softmax_kernels.h"
#endif
