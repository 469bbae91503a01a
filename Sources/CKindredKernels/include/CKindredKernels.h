// Kindred's innermost loops.
// SPDX-License-Identifier: Apache-2.0
#ifndef CKINDREDKERNELS_H
#define CKINDREDKERNELS_H
#endif
