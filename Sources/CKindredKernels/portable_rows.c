// The row kernels for any processor.
// SPDX-License-Identifier: Apache-2.0

#include "kernels.h"

#define CKK_TARGET
#define CKK_ROW_KERNELS ckk_portable_rows
#define CKK_ROW_NAME "portable"
#include "row_kernels.h"
