// The kernels of weighted least squares over all pairs for any processor.
// SPDX-License-Identifier: Apache-2.0

#include "kernels.h"

#define CKK_TARGET
#define CKK_INTERACTION_KERNELS ckk_portable_interactions
#define CKK_INTERACTION_NAME "portable"
#include "interaction_kernels.h"
