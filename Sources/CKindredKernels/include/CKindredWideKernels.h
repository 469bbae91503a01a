// Tables of floats against vectors of doubles: for the few rows whose equations are worked out in Double.
// SPDX-License-Identifier: Apache-2.0
//
// There is one implementation: reading the table is what takes the time, and wider vectors gained
// nothing where this was measured. No product is fused into its sum, so that processors without such
// an instruction are quick too; Sources/Kindred/Numerics/PlainWide.swift defines the sums' order.
#ifndef CKINDREDWIDEKERNELS_H
#define CKINDREDWIDEKERNELS_H

#include <stddef.h>
#include <stdint.h>

/// How many Chebyshev polynomials a panel of scores has.
#define CKK_WIDE_DEGREES 16

/// products[r] = the dot product of row r and `vector` in eight lanes: dimension k goes to lane k mod 8;
/// lane l takes up lane l + 4, then the result is (0 + 2) + (1 + 3).
void ckk_wide_products(const float *rows, size_t count, size_t dimension, const double *vector,
                       double *products);

/// sums[k] += weights[r] times number k of row r, for all rows in order.
void ckk_wide_combine(const float *rows, size_t count, size_t dimension, const double *weights,
                      double *sums);

/// moments[panels[i] * CKK_WIDE_DEGREES + m] += weights[i] * T_m(points[i]), for all i in order.
void ckk_wide_moments(const int32_t *panels, const double *points, const double *weights,
                      size_t count, double *moments);

/// values[i] = the sum over m of coefficients[panels[i] * CKK_WIDE_DEGREES + m] * T_m(points[i]), by
/// Clenshaw's recurrence.
void ckk_wide_interpolate(const int32_t *panels, const double *points, size_t count,
                          const double *coefficients, double *values);

#endif
