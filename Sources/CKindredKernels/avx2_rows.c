// The row kernels for x86-64 processors with AVX2 and FMA.
// SPDX-License-Identifier: Apache-2.0

#include "kernels.h"

#if defined(CKK_HAS_AVX2)
#define CKK_TARGET __attribute__((target("avx2,fma")))
#define CKK_ROW_KERNELS ckk_avx2_rows
#define CKK_ROW_NAME "avx2"

// Twelve sums, three loads and a number of the left side are the sixteen registers that there are.
// Left to itself the compiler loads two such numbers ahead and has to put a sum into memory, which
// halves the speed.
#define CKK_ROW(place, fma, low, middle, high)                                          \
  "vbroadcastss " place "(%[left]), %[x]\n\t" fma " %[x], %[a], %[" low "]\n\t" fma \
  " %[x], %[b], %[" middle "]\n\t" fma " %[x], %[c], %[" high "]\n\t"
#define CKK_THREE(fma, sums, first, second, pitch)                                               \
  do {                                                                                           \
    eight a, b, c, x;                                                                            \
    __asm__("vmovaps (%[right]), %[a]\n\t"                                                       \
            "vmovaps (%[right],%[step],4), %[b]\n\t"                                             \
            "vmovaps (%[right],%[step],8), %[c]\n\t"                                             \
            CKK_ROW("0", fma, "s00", "s10", "s20") CKK_ROW("4", fma, "s01", "s11", "s21")        \
            CKK_ROW("8", fma, "s02", "s12", "s22") CKK_ROW("12", fma, "s03", "s13", "s23")       \
            : [s00] "+x"(sums[0][0]), [s01] "+x"(sums[0][1]), [s02] "+x"(sums[0][2]),            \
              [s03] "+x"(sums[0][3]), [s10] "+x"(sums[1][0]), [s11] "+x"(sums[1][1]),            \
              [s12] "+x"(sums[1][2]), [s13] "+x"(sums[1][3]), [s20] "+x"(sums[2][0]),            \
              [s21] "+x"(sums[2][1]), [s22] "+x"(sums[2][2]), [s23] "+x"(sums[2][3]),            \
              [a] "=&x"(a), [b] "=&x"(b), [c] "=&x"(c), [x] "=&x"(x)                             \
            : [left] "r"(first), [right] "r"(second), [step] "r"(pitch)                          \
            : "memory");                                                                         \
  } while (0)
#define CKK_ADD_THREE(sums, left, right, pitch) \
  CKK_THREE("vfmadd231ps", sums, left, right, pitch)
#define CKK_SUBTRACT_THREE(sums, left, right, pitch) \
  CKK_THREE("vfnmadd231ps", sums, left, right, pitch)
#include "row_kernels.h"
#endif
