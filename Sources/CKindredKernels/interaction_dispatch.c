// Chooses the kernels of weighted least squares over all pairs for the processor that runs them.
// SPDX-License-Identifier: Apache-2.0

#include "CKindredInteractionKernels.h"

#include "cpu.h"
#include "kernels.h"

#if defined(CKK_HAS_AVX2)
extern const ckk_interaction_kernels ckk_avx512_interactions;
extern const ckk_interaction_kernels ckk_avx2_interactions;
#endif
#if defined(CKK_HAS_NEON)
extern const ckk_interaction_kernels ckk_neon_interactions;
#endif
extern const ckk_interaction_kernels ckk_portable_interactions;

const ckk_interaction_kernels *ckk_interaction_choice(size_t place) {
  const ckk_interaction_kernels *choices[4] = {NULL};
  size_t count = 0;
#if defined(CKK_HAS_AVX2)
  if (has_avx512()) choices[count++] = &ckk_avx512_interactions;
  if (has_avx2()) choices[count++] = &ckk_avx2_interactions;
#endif
#if defined(CKK_HAS_NEON)
  choices[count++] = &ckk_neon_interactions;
#endif
  choices[count++] = &ckk_portable_interactions;
  return place < count ? choices[place] : NULL;
}
