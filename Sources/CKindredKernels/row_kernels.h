// The row kernels, written once over vectors of eight; each instruction set compiles them for itself.
// SPDX-License-Identifier: Apache-2.0
//
// Define CKK_TARGET (the attribute that turns the instruction set on), CKK_ROW_KERNELS (the name of the
// table) and CKK_ROW_NAME (its name as text), then include this once. The compiler makes one AVX2
// instruction, two of NEON or eight scalar ones of each operation here, so that the order of the sums
// cannot differ.

#include <float.h>
#include <stdbool.h>

#include "kernels.h"

// Contraction is ours to state: fused where it says so, nothing elsewhere.
#pragma STDC FP_CONTRACT OFF

#define CKK_INLINE CKK_TARGET static inline __attribute__((always_inline))

enum { COLUMNS = CKK_SYSTEM_COLUMNS, ROWS = CKK_SYSTEM_ROWS };

typedef float eight __attribute__((vector_size(32)));
typedef float eight_anywhere __attribute__((vector_size(32), aligned(4)));
typedef double eight_doubles __attribute__((vector_size(64), aligned(32)));

#define LOAD(address) (*(const eight *)(address))
#define LOAD_ANYWHERE(address) ((eight)(*(const eight_anywhere *)(address)))
#define FUSED(a, b, c) __builtin_elementwise_fma(a, b, c)
#define EVERY(x) ((eight){x, x, x, x, x, x, x, x})

// The sum of eight lanes, in halves.
CKK_INLINE float sum_of_lanes(const eight *lanes) {
  float half[4];
  for (size_t lane = 0; lane < 4; lane++) half[lane] = (*lanes)[lane] + (*lanes)[lane + 4];
  return (half[0] + half[2]) + (half[1] + half[3]);
}

CKK_TARGET static float dot(const float *a, const float *b, size_t count) {
  eight sums[4] = {EVERY(0), EVERY(0), EVERY(0), EVERY(0)};
  size_t k = 0;
  for (; k + 32 <= count; k += 32) {
    for (size_t n = 0; n < 4; n++) {
      sums[n] = FUSED(LOAD_ANYWHERE(a + k + 8 * n), LOAD_ANYWHERE(b + k + 8 * n), sums[n]);
    }
  }
  size_t n = 0;
  for (; k + 8 <= count; k += 8, n++) {
    sums[n] = FUSED(LOAD_ANYWHERE(a + k), LOAD_ANYWHERE(b + k), sums[n]);
  }
  if (k < count) {
    eight x = EVERY(0), y = EVERY(0);
    for (size_t lane = 0; k + lane < count; lane++) {
      x[lane] = a[k + lane];
      y[lane] = b[k + lane];
    }
    sums[n] = FUSED(x, y, sums[n]);
  }
  eight sum = (sums[0] + sums[1]) + (sums[2] + sums[3]);
  return sum_of_lanes(&sum);
}

CKK_TARGET static void axpy(float scale, const float *x, float *y, size_t count) {
  size_t k = 0;
  for (; k + 8 <= count; k += 8) {
    *(eight_anywhere *)(y + k) = FUSED(EVERY(scale), LOAD_ANYWHERE(x + k), LOAD_ANYWHERE(y + k));
  }
  for (; k < count; k++) y[k] = __builtin_fmaf(scale, x[k], y[k]);
}

// Rows that the other side's order scatters over the table come late from memory: they are asked for
// eight entries ahead.
CKK_TARGET static void pack(const float *table, size_t stride, size_t width, const int32_t *rows,
                            size_t first, const float *targets, const float *weights, size_t count,
                            float *left, float *right, size_t pitch) {
  const size_t ahead = 8, whole = width / COLUMNS, rest = width % COLUMNS;
  for (size_t n = 0; n < count; n++) {
    if (rows && n + ahead < count) {
      const float *next = table + (size_t)rows[n + ahead] * stride;
      for (size_t k = 0; k < width; k += 16) __builtin_prefetch(next + k);
    }
    const float *row = table + (rows ? (size_t)rows[n] : first + n) * stride;
    float *out = right + n * COLUMNS;
    for (size_t p = 0; p < whole; p++) {
      *(eight *)(out + p * pitch) = LOAD_ANYWHERE(row + p * COLUMNS);
    }
    float last[COLUMNS] __attribute__((aligned(32))) = {0};
    for (size_t k = 0; k < rest; k++) last[k] = row[whole * COLUMNS + k];
    if (targets) last[rest] = targets[n];
    *(eight *)(out + whole * pitch) = LOAD(last);
    if (weights) {
      float *weighted = left + n * COLUMNS;
      eight weight = EVERY(weights[n]);
      for (size_t p = 0; p <= whole; p++) {
        *(eight *)(weighted + p * pitch) = weight * LOAD(out + p * pitch);
      }
    }
  }
}

// Four rows of a matrix by some panels of it. The small loops are unrolled before anything else, so
// that the sums stay in registers.
#define SMALL_LOOP _Pragma("clang loop unroll(full)")

// With CKK_PAIRED two panels share a vector of sixteen.
#if defined(CKK_PAIRED)
enum { MOST_PANELS = 6 };
#else
enum { MOST_PANELS = 3 };
#endif

// One entry's products, added to (or subtracted from) four rows of three panels. An instruction set
// with just enough registers says itself which number is where: see avx2_rows.c.
#ifndef CKK_ADD_THREE
#define CKK_ADD_THREE(sums, left, right, pitch) add_entry(sums, 3, false, left, right, pitch)
#define CKK_SUBTRACT_THREE(sums, left, right, pitch) add_entry(sums, 3, true, left, right, pitch)
#endif

typedef struct tile {
  eight sums[MOST_PANELS][ROWS];
  eight diagonal[ROWS];  // the first panel's before anything was subtracted
} tile;

// Where the sums of a tile come from.
typedef struct terms {
  const float *start;  // NULL for zeros
  const float *left, *right;
  size_t pitch, count;  // of the entries, which are added
  const float *left_factor, *right_factor;
  size_t factor_pitch, factor_count;  // of the rows of the factor, which are subtracted
} terms;

CKK_INLINE void add_entry(eight sums[MOST_PANELS][ROWS], const size_t wide, const bool subtracting,
                          const float *left, const float *right, size_t pitch) {
  eight columns[MOST_PANELS];
  SMALL_LOOP for (size_t c = 0; c < wide; c++) columns[c] = LOAD(right + c * pitch);
  SMALL_LOOP for (size_t r = 0; r < ROWS; r++) {
    eight x = EVERY(left[r]);
    if (subtracting) x = -x;
    SMALL_LOOP for (size_t c = 0; c < wide; c++) sums[c][r] = FUSED(x, columns[c], sums[c][r]);
  }
}

#if !defined(CKK_PAIRED)
// A function of its own for each width: among other work the compiler moves sums out of registers.
CKK_INLINE void sum_terms(const terms *t, tile *tile, const size_t wide) {
  eight sums[MOST_PANELS][ROWS];
  SMALL_LOOP for (size_t c = 0; c < wide; c++) {
    SMALL_LOOP for (size_t r = 0; r < ROWS; r++) {
      sums[c][r] = t->start ? LOAD(t->start + c * t->factor_pitch + r * COLUMNS) : EVERY(0);
    }
  }
  const float *left = t->left, *right = t->right;
  size_t pitch = t->pitch;
  for (size_t n = t->count; n > 0; n--, left += COLUMNS, right += COLUMNS) {
    if (wide == 3) {
      CKK_ADD_THREE(sums, left, right, pitch);
    } else {
      add_entry(sums, wide, false, left, right, pitch);
    }
  }
  SMALL_LOOP for (size_t r = 0; r < ROWS; r++) tile->diagonal[r] = sums[0][r];
  left = t->left_factor;
  right = t->right_factor;
  pitch = t->factor_pitch;
  for (size_t n = t->factor_count; n > 0; n--, left += COLUMNS, right += COLUMNS) {
    if (wide == 3) {
      CKK_SUBTRACT_THREE(sums, left, right, pitch);
    } else {
      add_entry(sums, wide, true, left, right, pitch);
    }
  }
  SMALL_LOOP for (size_t c = 0; c < wide; c++) {
    SMALL_LOOP for (size_t r = 0; r < ROWS; r++) tile->sums[c][r] = sums[c][r];
  }
}

#else
typedef float sixteen __attribute__((vector_size(64)));

CKK_INLINE sixteen both(const float *panels, size_t pitch) {
  eight low = LOAD(panels), high = LOAD(panels + pitch);
  return __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}

CKK_INLINE void add_pairs(sixteen sums[3][ROWS], eight last[ROWS], const size_t wide,
                          const bool subtracting, const float *left, const float *right,
                          size_t pitch) {
  sixteen columns[3];
  eight odd = EVERY(0);
  SMALL_LOOP for (size_t c = 0; c < wide / 2; c++) columns[c] = both(right + 2 * c * pitch, pitch);
  if (wide % 2) odd = LOAD(right + (wide - 1) * pitch);
  SMALL_LOOP for (size_t r = 0; r < ROWS; r++) {
    float number = subtracting ? -left[r] : left[r];
    eight x = EVERY(number);
    sixteen xx =
        __builtin_shufflevector(x, x, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    SMALL_LOOP for (size_t c = 0; c < wide / 2; c++) {
      sums[c][r] = FUSED(xx, columns[c], sums[c][r]);
    }
    if (wide % 2) last[r] = FUSED(x, odd, last[r]);
  }
}

CKK_INLINE void sum_terms(const terms *t, tile *tile, const size_t wide) {
  sixteen sums[3][ROWS];
  eight last[ROWS];
  SMALL_LOOP for (size_t r = 0; r < ROWS; r++) {
    const float *start = t->start + r * COLUMNS;
    SMALL_LOOP for (size_t c = 0; c < wide / 2; c++) {
      sums[c][r] = t->start ? both(start + 2 * c * t->factor_pitch, t->factor_pitch) : (sixteen){0};
    }
    if (wide % 2) last[r] = t->start ? LOAD(start + (wide - 1) * t->factor_pitch) : EVERY(0);
  }
  const float *left = t->left, *right = t->right;
  for (size_t n = t->count; n > 0; n--, left += COLUMNS, right += COLUMNS) {
    add_pairs(sums, last, wide, false, left, right, t->pitch);
  }
  SMALL_LOOP for (size_t r = 0; r < ROWS; r++) {
    tile->diagonal[r] =
        wide > 1 ? __builtin_shufflevector(sums[0][r], sums[0][r], 0, 1, 2, 3, 4, 5, 6, 7) : last[r];
  }
  left = t->left_factor;
  right = t->right_factor;
  for (size_t n = t->factor_count; n > 0; n--, left += COLUMNS, right += COLUMNS) {
    add_pairs(sums, last, wide, true, left, right, t->factor_pitch);
  }
  SMALL_LOOP for (size_t r = 0; r < ROWS; r++) {
    SMALL_LOOP for (size_t c = 0; c < wide / 2; c++) {
      sixteen pair = sums[c][r];
      tile->sums[2 * c][r] = __builtin_shufflevector(pair, pair, 0, 1, 2, 3, 4, 5, 6, 7);
      tile->sums[2 * c + 1][r] = __builtin_shufflevector(pair, pair, 8, 9, 10, 11, 12, 13, 14, 15);
    }
    if (wide % 2) tile->sums[wide - 1][r] = last[r];
  }
}
#endif

#define CKK_SUMS(name, wide)                                                              \
  CKK_TARGET static __attribute__((noinline)) void name(const terms *terms, tile *tile) { \
    sum_terms(terms, tile, wide);                                                         \
  }
CKK_SUMS(sum_one, 1)
CKK_SUMS(sum_two, 2)
CKK_SUMS(sum_three, 3)
#if defined(CKK_PAIRED)
CKK_SUMS(sum_four, 4)
CKK_SUMS(sum_five, 5)
CKK_SUMS(sum_six, 6)
#endif

// As many panels as registers hold sums of; one or two left alone would be slow, so that the ones
// before them share.
CKK_INLINE size_t taken(size_t panels) {
  const size_t most = MOST_PANELS;
  if (panels <= most) return panels;
  return panels - most < (most + 1) / 2 ? (panels + 1) / 2 : most;
}

// Sums up a tile of four rows from `row` on and some panels from `panel` on; returns how many panels.
CKK_INLINE size_t sum(const ckk_system *s, size_t row, size_t panel, bool isFactor, tile *tile) {
  const size_t place = row / COLUMNS, shift = row % COLUMNS;
  const terms terms = {
      isFactor && s->start ? s->start + panel * s->factor_pitch + row * COLUMNS : NULL,
      s->left + place * s->entry_pitch + shift,
      s->right + panel * s->entry_pitch,
      s->entry_pitch,
      s->count,
      s->factor + place * s->factor_pitch + shift,
      s->factor + panel * s->factor_pitch,
      s->factor_pitch,
      isFactor ? row : 0,
  };
  const size_t wide = taken(s->width / COLUMNS + 1 - panel);
  switch (wide) {
#if defined(CKK_PAIRED)
    case 6: sum_six(&terms, tile); break;
    case 5: sum_five(&terms, tile); break;
    case 4: sum_four(&terms, tile); break;
#endif
    case 3: sum_three(&terms, tile); break;
    case 2: sum_two(&terms, tile); break;
    default: sum_one(&terms, tile); break;
  }
  return wide;
}

CKK_TARGET static void add_products(const ckk_system *system, double *sums) {
  const size_t panels = system->width / COLUMNS + 1;
  for (size_t row = 0; row < system->width; row += ROWS) {
    for (size_t panel = row / COLUMNS; panel < panels;) {
      tile tile;
      size_t wide = sum(system, row, panel, false, &tile);
      for (size_t c = 0; c < wide; c++) {
        double *out = sums + (panel + c) * system->factor_pitch + row * COLUMNS;
        SMALL_LOOP for (size_t r = 0; r < ROWS; r++) {
          eight_doubles *place = (eight_doubles *)(out + r * COLUMNS);
          *place += __builtin_convertvector(tile.sums[c][r], eight_doubles);
        }
      }
      panel += wide;
    }
  }
}

CKK_TARGET static void round_sums(const double *sums, float *start, size_t count) {
  for (size_t n = 0; n < count; n++) start[n] = (float)(sums[n] + (double)start[n]);
}

// What four rows of the factor need of their own four columns.
typedef struct corner {
  float above[ROWS][ROWS];  // U[r][c] for r < c
  float inverses[ROWS];
  float roots[ROWS];
} corner;

// Factors the four by four corner of four rows. Returns how many of its pivots are well.
CKK_INLINE size_t factor_corner(const ckk_system *s, size_t row, const eight sums[ROWS],
                                const eight diagonal[ROWS], corner *corner) {
  const size_t shift = row % COLUMNS;
  float a[ROWS][ROWS];
  SMALL_LOOP for (size_t r = 0; r < ROWS; r++) {
    float lanes[COLUMNS] __attribute__((aligned(32)));
    *(eight *)lanes = sums[r];
    SMALL_LOOP for (size_t c = 0; c < ROWS; c++) a[r][c] = lanes[shift + c];
  }
  SMALL_LOOP for (size_t r = 0; r < ROWS; r++) {
    if (row + r >= s->width) {
      // Rows beyond the last are zeros.
      corner->inverses[r] = corner->roots[r] = 0;
      SMALL_LOOP for (size_t c = r + 1; c < ROWS; c++) corner->above[r][c] = 0;
      continue;
    }
    float lanes[COLUMNS] __attribute__((aligned(32)));
    *(eight *)lanes = diagonal[r];
    double pivot = s->ridge + (double)a[r][r];
    double floor = s->tolerance * (s->ridge + (double)lanes[shift + r]);
    double root = __builtin_elementwise_sqrt(pivot);
    float inverse = (float)(1 / root);
    if (!(pivot > 0) || !(pivot > floor) || !(pivot <= DBL_MAX) || !(inverse <= FLT_MAX)) return r;
    corner->roots[r] = (float)root;
    corner->inverses[r] = inverse;
    SMALL_LOOP for (size_t c = r + 1; c < ROWS; c++) corner->above[r][c] = a[r][c] * inverse;
    SMALL_LOOP for (size_t below = r + 1; below < ROWS; below++) {
      SMALL_LOOP for (size_t c = below; c < ROWS; c++) {
        a[below][c] = __builtin_fmaf(-corner->above[r][below], corner->above[r][c], a[below][c]);
      }
    }
  }
  return ROWS;
}

CKK_TARGET static size_t factor(const ckk_system *system) {
  const size_t width = system->width, panels = width / COLUMNS + 1;
  for (size_t row = 0; row < width; row += ROWS) {
    const size_t first = row / COLUMNS;
    corner corner;
    eight above[ROWS][ROWS], inverses[ROWS];
    for (size_t panel = first; panel < panels;) {
      tile tile;
      size_t wide = sum(system, row, panel, true, &tile);
      if (panel == first) {
        size_t well = factor_corner(system, row, tile.sums[0], tile.diagonal, &corner);
        if (well < ROWS) return row + well;
        SMALL_LOOP for (size_t r = 0; r < ROWS; r++) {
          system->inverses[row + r] = corner.inverses[r];
          inverses[r] = EVERY(corner.inverses[r]);
          SMALL_LOOP for (size_t c = r + 1; c < ROWS; c++) above[r][c] = -EVERY(corner.above[r][c]);
        }
      }
      for (size_t c = 0; c < wide; c++) {
        float *out = system->factor + (panel + c) * system->factor_pitch + row * COLUMNS;
        eight sums[ROWS];
        SMALL_LOOP for (size_t r = 0; r < ROWS; r++) sums[r] = tile.sums[c][r];
        SMALL_LOOP for (size_t r = 0; r < ROWS; r++) {
          sums[r] *= inverses[r];
          SMALL_LOOP for (size_t below = r + 1; below < ROWS; below++) {
            sums[below] = FUSED(above[r][below], sums[r], sums[below]);
          }
          *(eight *)(out + r * COLUMNS) = sums[r];
        }
      }
      panel += wide;
    }
    float *diagonal = system->factor + first * system->factor_pitch + row * COLUMNS + row % COLUMNS;
    SMALL_LOOP for (size_t r = 0; r < ROWS; r++) diagonal[r * COLUMNS + r] = corner.roots[r];
  }
  return width;
}

// Each row has eight sums over the panels from the last to its own, and then its own panel's terms.
CKK_TARGET static void solve_upper(const ckk_system *system, const float *y, float *x, float *sums) {
  const size_t width = system->width;
  for (size_t i = 0; i < width; i++) *(eight *)(sums + i * COLUMNS) = EVERY(0);
  for (size_t panel = (width + COLUMNS - 1) / COLUMNS; panel-- > 0;) {
    const float *columns = system->factor + panel * system->factor_pitch;
    const size_t low = panel * COLUMNS;
    const size_t own = width - low < COLUMNS ? width - low : COLUMNS;
    float values[COLUMNS] __attribute__((aligned(32))) = {0};
    for (size_t r = 0; r < own; r++) {
      values[r] = y[low + r] - sum_of_lanes((const eight *)(sums + (low + r) * COLUMNS));
    }
    for (size_t j = own; j-- > 0;) {
      float value = values[j] * system->inverses[low + j];
      values[j] = value;
      for (size_t r = 0; r < j; r++) {
        values[r] = __builtin_fmaf(-columns[(low + r) * COLUMNS + j], value, values[r]);
      }
    }
    for (size_t r = 0; r < own; r++) x[low + r] = values[r];
    eight known = LOAD(values);
    for (size_t i = 0; i < low; i++) {
      eight *sum = (eight *)(sums + i * COLUMNS);
      *sum = FUSED(LOAD(columns + i * COLUMNS), known, *sum);
    }
  }
}

// Some right sides, four at most, share what is loaded of the factor.
CKK_INLINE void solve_lower_some(const ckk_system *s, const float *b, float *y, const size_t some) {
  const size_t width = s->width;
  for (size_t low = 0; low < width; low += COLUMNS) {
    const float *columns = s->factor + low / COLUMNS * s->factor_pitch;
    const size_t own = width - low < COLUMNS ? width - low : COLUMNS;
    eight rest[4];
    for (size_t q = 0; q < some; q++) {
      rest[q] = EVERY(0);
      for (size_t r = 0; r < own; r++) rest[q][r] = b[q * width + low + r];
    }
    for (size_t p = 0; p < low; p++) {
      eight row = LOAD(columns + p * COLUMNS);
      for (size_t q = 0; q < some; q++) rest[q] = FUSED(-EVERY(y[q * width + p]), row, rest[q]);
    }
    for (size_t q = 0; q < some; q++) {
      float values[COLUMNS] __attribute__((aligned(32)));
      *(eight *)values = rest[q];
      for (size_t r = 0; r < own; r++) {
        float value = values[r] * s->inverses[low + r];
        y[q * width + low + r] = value;
        for (size_t j = r + 1; j < own; j++) {
          values[j] = __builtin_fmaf(-value, columns[(low + r) * COLUMNS + j], values[j]);
        }
      }
    }
  }
}

CKK_TARGET static void solve_lower(const ckk_system *system, const float *b, float *y,
                                   size_t count) {
  const size_t width = system->width;
  size_t q = 0;
  for (; q + 4 <= count; q += 4) solve_lower_some(system, b + q * width, y + q * width, 4);
  for (; q < count; q++) solve_lower_some(system, b + q * width, y + q * width, 1);
}

const ckk_row_kernels CKK_ROW_KERNELS = {
    CKK_ROW_NAME, dot, axpy, pack, add_products, round_sums, factor, solve_upper, solve_lower};
