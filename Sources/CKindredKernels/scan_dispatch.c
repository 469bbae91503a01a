// Chooses the scan kernel for the processor that the program finds itself on.
// SPDX-License-Identifier: Apache-2.0

#include "cpu.h"
#include "scan_kernels.h"

const ckk_scan_kernels *ckk_scan_choice(size_t place) {
  const ckk_scan_kernels *choices[4] = {NULL};
  size_t count = 0;
#if defined(CKK_HAS_AVX2)
  if (has_avx512_bytes()) choices[count++] = &ckk_avx512_scan;
  if (has_avx2()) choices[count++] = &ckk_avx2_scan;
#endif
#if defined(CKK_HAS_NEON)
  choices[count++] = &ckk_neon_scan;
#endif
  choices[count++] = &ckk_portable_scan;
  return place < count ? choices[place] : NULL;
}
