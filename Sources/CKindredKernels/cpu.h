// What the processor that the program finds itself on can do.
// SPDX-License-Identifier: Apache-2.0
#ifndef CKK_CPU_H
#define CKK_CPU_H

#if defined(__x86_64__)
// The processor's answer is read once per process by the compiler's run-time library.
static inline int has_avx2(void) {
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

static inline int has_avx512(void) {
  return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl");
}

// Products of bytes, four at a time.
static inline int has_avx512_bytes(void) {
  return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vnni");
}
#endif

#endif
