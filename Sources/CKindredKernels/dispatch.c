// Chooses the kernels for the processor that the program finds itself on.
// SPDX-License-Identifier: Apache-2.0

#include "cpu.h"
#include "kernels.h"

const ckk_kernels *ckk_choice(size_t place) {
  const ckk_kernels *choices[4] = {NULL};
  size_t count = 0;
#if defined(CKK_HAS_AVX2)
  if (has_avx512()) choices[count++] = &ckk_avx512_kernels;
  if (has_avx2()) choices[count++] = &ckk_avx2_kernels;
#endif
#if defined(CKK_HAS_NEON)
  choices[count++] = &ckk_neon_kernels;
#endif
  choices[count++] = &ckk_portable_kernels;
  return place < count ? choices[place] : NULL;
}

const ckk_kernels *ckk_best(void) { return ckk_choice(0); }

const ckk_row_kernels *ckk_row_choice(size_t place) {
  const ckk_row_kernels *choices[4] = {NULL};
  size_t count = 0;
#if defined(CKK_HAS_AVX2)
  if (has_avx512()) choices[count++] = &ckk_avx512_rows;
  if (has_avx2()) choices[count++] = &ckk_avx2_rows;
#endif
#if defined(CKK_HAS_NEON)
  choices[count++] = &ckk_neon_rows;
#endif
  choices[count++] = &ckk_portable_rows;
  return place < count ? choices[place] : NULL;
}

const ckk_softmax_kernels *ckk_softmax_choice(size_t place) {
  const ckk_softmax_kernels *choices[4] = {NULL};
  size_t count = 0;
#if defined(CKK_HAS_AVX2)
  if (has_avx512()) choices[count++] = &ckk_avx512_softmax;
  if (has_avx2()) choices[count++] = &ckk_avx2_softmax;
#endif
#if defined(CKK_HAS_NEON)
  choices[count++] = &ckk_neon_softmax;
#endif
  choices[count++] = &ckk_portable_softmax;
  return place < count ? choices[place] : NULL;
}
