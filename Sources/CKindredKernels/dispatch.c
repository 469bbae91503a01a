// Chooses the kernels for the processor that the program finds itself on.
// SPDX-License-Identifier: Apache-2.0

#include "kernels.h"

const ckk_kernels *ckk_portable(void) { return &ckk_portable_kernels; }

const ckk_kernels *ckk_best(void) {
#if defined(CKK_HAS_AVX2)
  // The processor's answer is read once per process by the compiler's run-time library.
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return &ckk_avx2_kernels;
#endif
#if defined(CKK_HAS_NEON)
  return &ckk_neon_kernels;
#else
  return &ckk_portable_kernels;
#endif
}
