// The row kernels for 64-bit Arm processors.
// SPDX-License-Identifier: Apache-2.0

#include "kernels.h"

#if defined(CKK_HAS_NEON)
#define CKK_TARGET
#define CKK_ROW_KERNELS ckk_neon_rows
#define CKK_ROW_NAME "neon"
#include "row_kernels.h"
#endif
