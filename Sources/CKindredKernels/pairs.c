// Pairwise ranking in plain C that the compiler turns into vectors, once for each instruction set.
// SPDX-License-Identifier: Apache-2.0

#include "CKindredPairKernels.h"

#include <math.h>

#include "cpu.h"

#pragma STDC FP_CONTRACT OFF

#define CKK_INLINE static inline __attribute__((always_inline))

// Lanes added up: 0 and 4, 1 and 5, ...; then 0 and 2, 1 and 3; then the two.
CKK_INLINE float sum_of(const float lanes[4][8]) {
  float total[8], half[4];
  for (size_t l = 0; l < 8; l++) total[l] = (lanes[0][l] + lanes[1][l]) + (lanes[2][l] + lanes[3][l]);
  for (size_t l = 0; l < 4; l++) half[l] = total[l] + total[l + 4];
  return (half[0] + half[2]) + (half[1] + half[3]);
}

// Four accumulators of eight lanes; block b of eight dimensions goes to accumulator b mod 4.
CKK_INLINE float dot(const float *x, const float *y, const size_t stride) {
  float lanes[4][8] = {{0}};
  size_t k = 0;
  for (; k + 32 <= stride; k += 32) {
    for (size_t b = 0; b < 4; b++) {
      for (size_t l = 0; l < 8; l++) {
        lanes[b][l] = __builtin_fmaf(x[k + b * 8 + l], y[k + b * 8 + l], lanes[b][l]);
      }
    }
  }
  for (size_t b = 0; b < 3; b++) {
    if (k + b * 8 >= stride) break;
    for (size_t l = 0; l < 8; l++) {
      lanes[b][l] = __builtin_fmaf(x[k + b * 8 + l], y[k + b * 8 + l], lanes[b][l]);
    }
  }
  return sum_of(lanes);
}

// The squared distance, in the same order.
CKK_INLINE float distance(const float *x, const float *y, const size_t stride) {
  float lanes[4][8] = {{0}};
  size_t k = 0;
  for (; k + 32 <= stride; k += 32) {
    for (size_t b = 0; b < 4; b++) {
      for (size_t l = 0; l < 8; l++) {
        float d = x[k + b * 8 + l] - y[k + b * 8 + l];
        lanes[b][l] = __builtin_fmaf(d, d, lanes[b][l]);
      }
    }
  }
  for (size_t b = 0; b < 3; b++) {
    if (k + b * 8 >= stride) break;
    for (size_t l = 0; l < 8; l++) {
      float d = x[k + b * 8 + l] - y[k + b * 8 + l];
      lanes[b][l] = __builtin_fmaf(d, d, lanes[b][l]);
    }
  }
  return sum_of(lanes);
}

// A row's step, after another gradient whose squares have this sum.
CKK_INLINE float step_of(const ckk_pair_block *block, float *squares, float sum) {
  *squares = __builtin_fmaf(sum, block->share, *squares);
  return block->rate / __builtin_sqrtf(block->floor + *squares);
}

CKK_INLINE void move(const ckk_pair_block *block, const size_t stride, size_t user, size_t item,
                     size_t other, float slope) {
  float *restrict x = block->users + user * stride;
  float *restrict y = block->items + item * stride, *restrict w = block->items + other * stride;
  float square = slope * slope, by_item = square * dot(x, x, stride);
  float user_step = step_of(block, block->user_squares + user, square * distance(y, w, stride));
  float item_step = step_of(block, block->item_squares + item, by_item);
  float other_step = step_of(block, block->item_squares + other, by_item);
  float user_keep = __builtin_fmaf(-user_step, block->decay, 1);
  float item_keep = __builtin_fmaf(-item_step, block->decay, 1);
  float other_keep = __builtin_fmaf(-other_step, block->decay, 1);
  user_step *= slope;
  item_step *= slope;
  other_step *= slope;
  for (size_t k = 0; k < stride; k++) {
    float a = x[k], b = y[k], c = w[k];
    x[k] = __builtin_fmaf(user_step, b - c, user_keep * a);
    y[k] = __builtin_fmaf(item_step, a, item_keep * b);
    w[k] = __builtin_fmaf(-other_step, a, other_keep * c);
  }
}

CKK_INLINE uint64_t next(uint64_t *state) {
  uint64_t z = *state += 0x9E3779B97F4A7C15u;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

// Whether an item is among a user's, by halving.
CKK_INLINE int has_seen(const ckk_pair_block *block, size_t user, int32_t item) {
  int64_t low = block->offsets[user], high = block->offsets[user + 1];
  while (low < high) {
    int64_t middle = low + (high - low) / 2;
    if (block->seen[middle] < item) low = middle + 1;
    else high = middle;
  }
  return low < block->offsets[user + 1] && block->seen[low] == item;
}

// A place of the pool whose item the user has not seen, where draws keep hitting seen ones: by going
// over all of it. -1 if there is none.
static int64_t counted(const ckk_pair_block *block, size_t user, uint64_t draw) {
  double total = 0;
  for (size_t p = 0; p < block->pool_count; p++) {
    if (!has_seen(block, user, block->pool[p])) total += block->chances ? block->chances[p] : 1;
  }
  double left = (double)(draw >> 11) * 0x1p-53 * total;
  int64_t last = -1;
  for (size_t p = 0; p < block->pool_count; p++) {
    if (has_seen(block, user, block->pool[p])) continue;
    last = (int64_t)p;
    left -= block->chances ? block->chances[p] : 1;
    if (left < 0) break;
  }
  return last;
}

// An item that the user has not seen; -1 if the pool has none.
CKK_INLINE int32_t unseen(const ckk_pair_block *block, size_t user, uint64_t *random) {
  for (int attempt = 0; attempt < CKK_PAIR_TRIES; attempt++) {
    unsigned __int128 product = (unsigned __int128)next(random) * block->pool_count;
    size_t place = (size_t)(product >> 64);
    // What is left over within the place is uniform too.
    if (block->stay && (uint64_t)product >= block->stay[place]) place = (size_t)block->other[place];
    int32_t item = block->pool[place];
    if (!has_seen(block, user, item)) return item;
  }
  int64_t place = counted(block, user, next(random));
  return place < 0 ? -1 : block->pool[place];
}

CKK_INLINE void prefetch(const float *row, size_t stride) {
  for (size_t k = 0; k < stride && k < 64; k += 16) __builtin_prefetch(row + k);
}

CKK_INLINE double descend(const ckk_pair_block *block, const ckk_pair *pairs, size_t count,
                          const size_t stride) {
  double loss = 0;
  uint64_t random = block->random;
  for (size_t n = 0; n < count; n++) {
    if (n + 4 < count) {
      prefetch(block->users + pairs[n + 4].user * stride, stride);
      prefetch(block->items + pairs[n + 4].item * stride, stride);
    }
    size_t user = pairs[n].user;
    float *x = block->users + user * stride, *y = block->items + pairs[n].item * stride;
    int32_t best = -1;
    float most = 0;
    for (uint32_t draw = 0; draw < block->draws; draw++) {
      int32_t item = unseen(block, user, &random);
      if (item < 0) break;
      float score = dot(x, block->items + (size_t)item * stride, stride);
      if (best < 0 || score > most) {
        best = item;
        most = score;
      }
    }
    if (best < 0) continue;
    float difference = dot(x, y, stride) - most;
    double tail = exp(-fabs((double)difference));
    double share = (difference >= 0 ? tail : 1) / (1 + tail), weight = (double)pairs[n].weight;
    loss += weight * (log1p(tail) + (difference < 0 ? -(double)difference : 0));
    move(block, stride, user, pairs[n].item, (size_t)best, (float)(weight * share));
  }
  return loss;
}

#define CKK_PAIR_KERNELS(set, attribute)                                                          \
  attribute static double set##_descend(const ckk_pair_block *block, const ckk_pair *pairs,       \
                                        size_t count) {                                           \
    if (block->stride == 64) return descend(block, pairs, count, 64);                             \
    return descend(block, pairs, count, block->stride);                                           \
  }                                                                                               \
  static const ckk_pair_kernels set##_pairs = {#set, set##_descend};

#if defined(__x86_64__)
CKK_PAIR_KERNELS(avx2, __attribute__((target("avx2,fma"))))
#endif
CKK_PAIR_KERNELS(portable, )

const ckk_pair_kernels *ckk_pair_choice(size_t place) {
  const ckk_pair_kernels *choices[2] = {NULL};
  size_t count = 0;
#if defined(__x86_64__)
  if (has_avx2()) choices[count++] = &avx2_pairs;
#endif
  choices[count++] = &portable_pairs;
  return place < count ? choices[place] : NULL;
}
