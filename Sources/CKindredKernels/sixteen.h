// Vectors of sixteen numbers, for kernels that are written once over them.
// SPDX-License-Identifier: Apache-2.0
//
// Define CKK_TARGET (the attribute that turns the instruction set on), then include this once. The compiler
// makes one AVX-512 instruction, two of AVX2, four of NEON or sixteen scalar ones of each operation here, so
// that the order of sums cannot differ.
#ifndef CKK_SIXTEEN_H
#define CKK_SIXTEEN_H

#define CKK_INLINE CKK_TARGET static inline __attribute__((always_inline))

typedef float sixteen __attribute__((vector_size(64)));

#define LOAD(address) (*(const sixteen *)(address))
#define STORE(address, value) (*(sixteen *)(address) = (value))
#define FUSED(a, b, c) __builtin_elementwise_fma(a, b, c)
#define EVERY(x) ((sixteen){x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x})
#define SMALL_LOOP _Pragma("clang loop unroll(full)")

// The sum of sixteen lanes, in halves.
CKK_INLINE float sum_of_lanes(const sixteen *lanes) {
  typedef float eight __attribute__((vector_size(32)));
  typedef float four __attribute__((vector_size(16)));
  sixteen all = *lanes;
  eight half = __builtin_shufflevector(all, all, 0, 1, 2, 3, 4, 5, 6, 7) +
               __builtin_shufflevector(all, all, 8, 9, 10, 11, 12, 13, 14, 15);
  four quarter = __builtin_shufflevector(half, half, 0, 1, 2, 3) +
                 __builtin_shufflevector(half, half, 4, 5, 6, 7);
  return (quarter[0] + quarter[2]) + (quarter[1] + quarter[3]);
}

#endif
