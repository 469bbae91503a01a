// The row kernels, written once over vectors of eight; each instruction set compiles them for itself.
// SPDX-License-Identifier: Apache-2.0
//
// Define CKK_TARGET (the attribute that turns the instruction set on) and CKK_ROW_KERNELS (the name
// of the table), then include this once. The compiler makes one AVX2 instruction, two of NEON or
// eight scalar ones of each operation here, so that the order of the sums cannot differ.

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

// Four rows of a matrix by `wide` panels of it, in registers: twelve sums, three loads and a number
// of the left side are the sixteen that AVX2 has.
typedef struct tile {
  eight sums[ROWS][3];
} tile;

// The small loops are unrolled before anything else, so that the sums stay in registers.
#define SMALL_LOOP _Pragma("clang loop unroll(full)")

CKK_INLINE void add(tile *tile, const size_t wide, const bool subtracting, const float *left,
                    const float *right, size_t pitch, size_t count) {
  eight sums[ROWS][3];
  SMALL_LOOP for (size_t r = 0; r < ROWS; r++) {
    SMALL_LOOP for (size_t c = 0; c < wide; c++) sums[r][c] = tile->sums[r][c];
  }
  for (size_t n = 0; n < count; n++) {
    eight columns[3];
    SMALL_LOOP for (size_t c = 0; c < wide; c++) columns[c] = LOAD(right + c * pitch + n * COLUMNS);
    SMALL_LOOP for (size_t r = 0; r < ROWS; r++) {
      eight x = EVERY(left[n * COLUMNS + r]);
      if (subtracting) x = -x;
      SMALL_LOOP for (size_t c = 0; c < wide; c++) sums[r][c] = FUSED(x, columns[c], sums[r][c]);
    }
  }
  SMALL_LOOP for (size_t r = 0; r < ROWS; r++) {
    SMALL_LOOP for (size_t c = 0; c < wide; c++) tile->sums[r][c] = sums[r][c];
  }
}

// Panels are taken in threes; four that are left are two twos, since one alone is slower.
CKK_INLINE size_t taken(size_t panels) { return panels == 4 ? 2 : panels < 3 ? panels : 3; }

CKK_INLINE void add_tile(const ckk_system *s, double *sums, size_t row, size_t panel,
                         const size_t wide) {
  tile tile;
  SMALL_LOOP for (size_t r = 0; r < ROWS; r++) {
    SMALL_LOOP for (size_t c = 0; c < wide; c++) tile.sums[r][c] = EVERY(0);
  }
  add(&tile, wide, false, s->left + row / COLUMNS * s->entry_pitch + row % COLUMNS,
      s->right + panel * s->entry_pitch, s->entry_pitch, s->count);
  SMALL_LOOP for (size_t c = 0; c < wide; c++) {
    double *out = sums + (panel + c) * s->factor_pitch + row * COLUMNS;
    SMALL_LOOP for (size_t r = 0; r < ROWS; r++) {
      eight_doubles *place = (eight_doubles *)(out + r * COLUMNS);
      *place += __builtin_convertvector(tile.sums[r][c], eight_doubles);
    }
  }
}

CKK_TARGET static void add_products(const ckk_system *system, double *sums) {
  const size_t panels = system->width / COLUMNS + 1;
  for (size_t row = 0; row < system->width; row += ROWS) {
    for (size_t panel = row / COLUMNS; panel < panels; panel += taken(panels - panel)) {
      switch (taken(panels - panel)) {
        case 3: add_tile(system, sums, row, panel, 3); break;
        case 2: add_tile(system, sums, row, panel, 2); break;
        default: add_tile(system, sums, row, panel, 1); break;
      }
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

// Works out four rows of the factor in `wide` panels. Returns how many of the corner's pivots are
// well; the corner is worked out with the first panels.
CKK_INLINE size_t factor_tile(const ckk_system *s, size_t row, size_t panel, const size_t wide,
                              const bool first, corner *corner) {
  const size_t place = row / COLUMNS, shift = row % COLUMNS;
  tile tile;
  SMALL_LOOP for (size_t r = 0; r < ROWS; r++) {
    SMALL_LOOP for (size_t c = 0; c < wide; c++) {
      tile.sums[r][c] =
          s->start ? LOAD(s->start + (panel + c) * s->factor_pitch + (row + r) * COLUMNS) : EVERY(0);
    }
  }
  add(&tile, wide, false, s->left + place * s->entry_pitch + shift, s->right + panel * s->entry_pitch,
      s->entry_pitch, s->count);
  eight diagonal[ROWS];
  if (first) {
    SMALL_LOOP for (size_t r = 0; r < ROWS; r++) diagonal[r] = tile.sums[r][0];
  }
  add(&tile, wide, true, s->factor + place * s->factor_pitch + shift,
           s->factor + panel * s->factor_pitch, s->factor_pitch, row);
  if (first) {
    eight corners[ROWS];
    SMALL_LOOP for (size_t r = 0; r < ROWS; r++) corners[r] = tile.sums[r][0];
    size_t well = factor_corner(s, row, corners, diagonal, corner);
    if (well < ROWS) return well;
    SMALL_LOOP for (size_t r = 0; r < ROWS; r++) s->inverses[row + r] = corner->inverses[r];
  }
  SMALL_LOOP for (size_t r = 0; r < ROWS; r++) {
    SMALL_LOOP for (size_t c = 0; c < wide; c++) tile.sums[r][c] *= EVERY(corner->inverses[r]);
    SMALL_LOOP for (size_t below = r + 1; below < ROWS; below++) {
      eight x = -EVERY(corner->above[r][below]);
      SMALL_LOOP for (size_t c = 0; c < wide; c++) {
        tile.sums[below][c] = FUSED(x, tile.sums[r][c], tile.sums[below][c]);
      }
    }
    SMALL_LOOP for (size_t c = 0; c < wide; c++) {
      *(eight *)(s->factor + (panel + c) * s->factor_pitch + (row + r) * COLUMNS) = tile.sums[r][c];
    }
    if (first) s->factor[panel * s->factor_pitch + (row + r) * COLUMNS + shift + r] = corner->roots[r];
  }
  return ROWS;
}

CKK_TARGET static size_t factor(const ckk_system *system) {
  const size_t width = system->width, panels = width / COLUMNS + 1;
  for (size_t row = 0; row < width; row += ROWS) {
    size_t panel = row / COLUMNS, well;
    corner corner;
    switch (taken(panels - panel)) {
      case 3: well = factor_tile(system, row, panel, 3, true, &corner); break;
      case 2: well = factor_tile(system, row, panel, 2, true, &corner); break;
      default: well = factor_tile(system, row, panel, 1, true, &corner); break;
    }
    if (well < ROWS) return row + well;
    for (panel += taken(panels - panel); panel < panels; panel += taken(panels - panel)) {
      switch (taken(panels - panel)) {
        case 3: factor_tile(system, row, panel, 3, false, &corner); break;
        case 2: factor_tile(system, row, panel, 2, false, &corner); break;
        default: factor_tile(system, row, panel, 1, false, &corner); break;
      }
    }
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

const ckk_row_kernels CKK_ROW_KERNELS = {dot,        axpy,   pack,        add_products,
                                         round_sums, factor, solve_upper, solve_lower};
