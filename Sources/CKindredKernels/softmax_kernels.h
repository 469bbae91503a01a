// The softmax kernels, written once over vectors of sixteen; each instruction set compiles them for itself.
// SPDX-License-Identifier: Apache-2.0
//
// Define CKK_TARGET (the attribute that turns the instruction set on), CKK_SOFTMAX_KERNELS (the name of
// the table), CKK_SOFTMAX_NAME (its name as text), CKK_TILE_ROWS and CKK_TILE_VECTORS (how many sums of
// sixteen stay in registers), then include this once. The compiler makes one AVX-512 instruction, two of
// AVX2, four of NEON or sixteen scalar ones of each operation here, so that the order of sums cannot differ.

#include "kernels.h"
#include "sixteen.h"

// Contraction is ours to state: fused where it says so, nothing elsewhere.
#pragma STDC FP_CONTRACT OFF

enum { LANES = CKK_SOFTMAX_LANES, TILE_ROWS = CKK_TILE_ROWS, TILE_VECTORS = CKK_TILE_VECTORS };

typedef int32_t integers __attribute__((vector_size(64)));

CKK_INLINE float dot(const float *a, const float *b, size_t stride) {
  sixteen sum = EVERY(0);
  for (size_t k = 0; k < stride; k += LANES) sum = FUSED(LOAD(a + k), LOAD(b + k), sum);
  return sum_of_lanes(&sum);
}

CKK_TARGET static void units(const float *table, size_t stride, const int32_t *places, size_t count,
                             int normalizes, float least, float *units, float *lengths,
                             float *panels) {
  const size_t ahead = 8;
  for (size_t n = 0; n < count; n++) {
    if (n + ahead < count) {
      const float *next = table + (size_t)places[n + ahead] * stride;
      for (size_t k = 0; k < stride; k += LANES) __builtin_prefetch(next + k);
    }
    const float *row = table + (size_t)places[n] * stride;
    float *unit = units + n * stride;
    float length = 1;
    if (normalizes) {
      length = __builtin_sqrtf(dot(row, row, stride));
      // Also of a length that is no number.
      length = length > least ? length : least;
    }
    lengths[n] = length;
    for (size_t k = 0; k < stride; k += LANES) STORE(unit + k, LOAD(row + k) / EVERY(length));
  }
  if (!panels) return;
  for (size_t first = 0; first < count; first += LANES) {
    size_t here = count - first < LANES ? count - first : LANES;
    float *panel = panels + first * stride;
    for (size_t k = 0; k < stride; k++) {
      sixteen column = EVERY(0);
      if (here == LANES) {
        for (size_t n = 0; n < LANES; n++) column[n] = units[(first + n) * stride + k];
      } else {
        for (size_t n = 0; n < here; n++) column[n] = units[(first + n) * stride + k];
      }
      STORE(panel + k * LANES, column);
    }
  }
}

// `vectors` panels by TILE_ROWS users, of which `rows` are there; the last one stands in for the others.
CKK_INLINE void score_tile(const float *users, size_t rows, const float *panels,
                           const size_t vectors, size_t stride, float scale, const float *offsets,
                           float *scores, size_t pitch, float *most) {
  sixteen sums[TILE_ROWS][TILE_VECTORS];
  const float *queries[TILE_ROWS];
  SMALL_LOOP for (size_t r = 0; r < TILE_ROWS; r++) {
    queries[r] = users + (r < rows ? r : rows - 1) * stride;
    SMALL_LOOP for (size_t v = 0; v < vectors; v++) sums[r][v] = EVERY(0);
  }
  for (size_t k = 0; k < stride; k++) {
    sixteen columns[TILE_VECTORS];
    SMALL_LOOP for (size_t v = 0; v < vectors; v++) {
      columns[v] = LOAD(panels + (v * stride + k) * LANES);
    }
    SMALL_LOOP for (size_t r = 0; r < TILE_ROWS; r++) {
      sixteen x = EVERY(queries[r][k]);
      SMALL_LOOP for (size_t v = 0; v < vectors; v++) {
        sums[r][v] = FUSED(x, columns[v], sums[r][v]);
      }
    }
  }
  SMALL_LOOP for (size_t r = 0; r < TILE_ROWS; r++) {
    if (r < rows) {
      sixteen high = EVERY(most[r]);
      SMALL_LOOP for (size_t v = 0; v < vectors; v++) {
        sixteen score = FUSED(EVERY(scale), sums[r][v], LOAD(offsets + v * LANES));
        STORE(scores + r * pitch + v * LANES, score);
        high = __builtin_elementwise_max(high, score);
      }
      most[r] = __builtin_reduce_max(high);
    }
  }
}

CKK_TARGET static void scores(const float *users, size_t user_count, const float *panels,
                              size_t panel_count, size_t stride, float scale, const float *offsets,
                              float *scores, size_t pitch, float *most) {
  size_t p = 0;
  for (; p + TILE_VECTORS <= panel_count; p += TILE_VECTORS) {
    for (size_t u = 0; u < user_count; u += TILE_ROWS) {
      score_tile(users + u * stride, user_count - u, panels + p * stride * LANES, TILE_VECTORS, stride,
                 scale, offsets + p * LANES, scores + u * pitch + p * LANES, pitch, most + u);
    }
  }
  for (; p < panel_count; p++) {
    for (size_t u = 0; u < user_count; u += TILE_ROWS) {
      score_tile(users + u * stride, user_count - u, panels + p * stride * LANES, 1, stride, scale,
                 offsets + p * LANES, scores + u * pitch + p * LANES, pitch, most + u);
    }
  }
}

// e to the x for x of at most 0: 2 to the n times a polynomial on ±ln 2 / 2 (Cephes' expf), 1 ulp or so.
CKK_INLINE void exponential(sixteen *score, float most) {
  sixteen x = *score - EVERY(most);
  // Adding and taking away 1.5 · 2²³ rounds to the nearest whole number.
  const sixteen magic = EVERY(12582912.0f);
  sixteen shifted = FUSED(x, EVERY(1.44269504088896341f), magic);
  sixteen whole = shifted - magic;
  sixteen r = FUSED(whole, EVERY(-0.693359375f), x);
  r = FUSED(whole, EVERY(2.12194440e-4f), r);
  sixteen p = EVERY(1.9875691500e-4f);
  p = FUSED(p, r, EVERY(1.3981999507e-3f));
  p = FUSED(p, r, EVERY(8.3334519073e-3f));
  p = FUSED(p, r, EVERY(4.1665795894e-2f));
  p = FUSED(p, r, EVERY(1.6666665459e-1f));
  p = FUSED(p, r, EVERY(5.0000001201e-1f));
  p = FUSED(p, r * r, r + EVERY(1.0f));
  integers bits = (integers)shifted << 23;
  // A whole number more in `shifted` is one more in its last bits: moved into the exponent they multiply.
  sixteen result = (sixteen)((integers)p + bits);
  integers holds = x > EVERY(-87.0f);
  *score = (sixteen)((integers)result & holds);
}

CKK_TARGET static float exponentials(float *scores, size_t count, float most) {
  sixteen sums[2] = {EVERY(0), EVERY(0)};
  size_t i = 0;
  for (; i + 2 * LANES <= count; i += 2 * LANES) {
    sixteen a = LOAD(scores + i), b = LOAD(scores + i + LANES);
    exponential(&a, most);
    exponential(&b, most);
    STORE(scores + i, a);
    STORE(scores + i + LANES, b);
    sums[0] += a;
    sums[1] += b;
  }
  if (i < count) {
    sixteen a = LOAD(scores + i);
    exponential(&a, most);
    STORE(scores + i, a);
    sums[0] += a;
  }
  sixteen sum = sums[0] + sums[1];
  return sum_of_lanes(&sum);
}

CKK_INLINE void combine_tile(const float *factors, size_t a_step, size_t rows, size_t b_step,
                             size_t b_count, const float *terms, size_t stride,
                             const size_t vectors, float *sums) {
  sixteen tile[TILE_ROWS][TILE_VECTORS];
  const float *left[TILE_ROWS];
  SMALL_LOOP for (size_t r = 0; r < TILE_ROWS; r++) {
    left[r] = factors + (r < rows ? r : rows - 1) * a_step;
    SMALL_LOOP for (size_t v = 0; v < vectors; v++) tile[r][v] = EVERY(0);
  }
  for (size_t b = 0; b < b_count; b++) {
    sixteen row[TILE_VECTORS];
    SMALL_LOOP for (size_t v = 0; v < vectors; v++) row[v] = LOAD(terms + b * stride + v * LANES);
    SMALL_LOOP for (size_t r = 0; r < TILE_ROWS; r++) {
      sixteen x = EVERY(left[r][b * b_step]);
      SMALL_LOOP for (size_t v = 0; v < vectors; v++) tile[r][v] = FUSED(x, row[v], tile[r][v]);
    }
  }
  SMALL_LOOP for (size_t r = 0; r < TILE_ROWS; r++) {
    if (r < rows) {
      SMALL_LOOP for (size_t v = 0; v < vectors; v++) {
        float *out = sums + r * stride + v * LANES;
        STORE(out, LOAD(out) + tile[r][v]);
      }
    }
  }
}

CKK_TARGET static void combine(const float *factors, size_t a_step, size_t a_count, size_t b_step,
                               size_t b_count, const float *rows, size_t stride, float *sums) {
  for (size_t a = 0; a < a_count; a += TILE_ROWS) {
    const float *left = factors + a * a_step;
    float *out = sums + a * stride;
    size_t k = 0;
    for (; k + TILE_VECTORS * LANES <= stride; k += TILE_VECTORS * LANES) {
      combine_tile(left, a_step, a_count - a, b_step, b_count, rows + k, stride, TILE_VECTORS, out + k);
    }
    for (; k < stride; k += LANES) {
      combine_tile(left, a_step, a_count - a, b_step, b_count, rows + k, stride, 1, out + k);
    }
  }
}

// A row that is normalized is moved at right angles to itself: the gradient by x of f(x / |x|) is that by
// the unit vector, less its part along it, divided by |x|.
CKK_TARGET static void step(const ckk_softmax_step *step, float *row, const float *sum,
                            const float *unit, float length, size_t stride, float *first,
                            float *second) {
  float along = unit ? dot(sum, unit, stride) : 0;
  sixteen scale = EVERY(step->scale), share = EVERY(length), least = EVERY(1e-8f);
  for (size_t k = 0; k < stride; k += LANES) {
    sixteen gradient = LOAD(sum + k), x = LOAD(row + k);
    if (unit) gradient = FUSED(EVERY(-along), LOAD(unit + k), gradient) / share;
    gradient = FUSED(EVERY(step->regularization), x, gradient * scale);
    sixteen squares = LOAD(second + k), moved = gradient;
    if (first) {
      squares = FUSED(EVERY(step->second), gradient * gradient - squares, squares);
      sixteen mean = LOAD(first + k);
      moved = FUSED(EVERY(step->first), gradient - mean, mean);
      STORE(first + k, moved);
    } else {
      squares = FUSED(gradient, gradient, squares);
    }
    STORE(second + k, squares);
    sixteen root = __builtin_elementwise_sqrt(squares * EVERY(step->correction)) + least;
    STORE(row + k, x - EVERY(step->rate) * (moved / root));
  }
}

const ckk_softmax_kernels CKK_SOFTMAX_KERNELS = {CKK_SOFTMAX_NAME, units, scores, exponentials, combine,
                                                 step};
