// The softmax kernels for any processor.
// SPDX-License-Identifier: Apache-2.0

#include "kernels.h"

#define CKK_TARGET
#define CKK_SOFTMAX_KERNELS ckk_portable_softmax
#define CKK_SOFTMAX_NAME "portable"
#define CKK_TILE_ROWS 4
#define CKK_TILE_VECTORS 1
#include "softmax_kernels.h"
