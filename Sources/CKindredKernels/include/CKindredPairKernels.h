// The innermost loop of pairwise ranking: draw another item, compare, move three rows.
// SPDX-License-Identifier: Apache-2.0
//
// All implementations give the same bits; Sources/Kindred/Numerics/PlainPairs.swift defines them.
#ifndef CKINDREDPAIRKERNELS_H
#define CKINDREDPAIRKERNELS_H

#include <stddef.h>
#include <stdint.h>

/// How often another item is drawn before those that may be drawn are counted.
#define CKK_PAIR_TRIES 32

/// A user, an item that the user has seen, and how much that counts.
typedef struct ckk_pair {
  uint32_t user;
  uint32_t item;
  float weight;
} ckk_pair;

/// The rows that a list of pairs moves, and what the other items are drawn from.
typedef struct ckk_pair_block {
  float *users;            // [users, stride]
  float *items;            // [items, stride]
  float *user_squares;     // mean squares of each user's gradients by now, summed
  float *item_squares;     // likewise
  size_t stride;           // a multiple of 8; what is beyond the dimension is zero
  const int64_t *offsets;  // where each user's seen items start; one more at the end
  const int32_t *seen;     // ascending for each user
  const int32_t *pool;     // the items to draw from
  size_t pool_count;       // 1 or more
  const uint64_t *stay;    // the alias table over the pool; NULL where all are equally likely
  const int32_t *other;    // likewise
  const double *chances;   // of the items of the pool, up to a factor; NULL likewise
  uint64_t random;         // the state of SplitMix64
  uint32_t draws;          // how many unseen items are drawn, of which the one with the highest score counts
  float share;             // 1 / dimension
  float rate;              // a row's step is rate / sqrt(floor + its squares)
  float floor;             // above 0
  float decay;             // 2 * regularization: what multiplies the row in the gradient
} ckk_pair_block;

typedef struct ckk_pair_kernels {
  /// "avx2" or "portable".
  const char *name;
  /// Moves the rows of each pair in turn; returns the sum of weight * -ln sigma, each before its move. A
  /// pair is left out if its user has seen all of the pool.
  double (*descend)(const ckk_pair_block *block, const ckk_pair *pairs, size_t count);
} ckk_pair_kernels;

/// The implementations that this processor runs, the fastest first; NULL beyond the last.
const ckk_pair_kernels *ckk_pair_choice(size_t place);

#endif
