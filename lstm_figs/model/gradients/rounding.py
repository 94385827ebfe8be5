"""Rounding errors of gradients through many steps.

Rounding errors of different operations are independent, so their variances add
up. A sum of products `a * b` has the variance `a**2 * var(b) + b**2 * var(a)`,
plus the square of each product for its own rounding. Variances are in units of
the squared machine precision.

Sums of absolute addends do not work through time. They grow by the sum of
absolute weights at each step. But they vanish where a gate is saturated,
although 1 − i has lost most of its digits there.

Source: first-order error propagation; rounding errors as a random walk, Higham
    and Mary (2019).
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..lstm import Array, Step, Weights
from ..products import times

CERTAIN = 4.0
"""The bound of an error, in standard deviations."""


class Spread(NamedTuple):
    """The variances of a step's results, each of the shape of the result."""

    i: Array
    f: Array
    g: Array
    o: Array
    c_prev: Array
    c: Array
    tanh_c: Array
    h: Array


def spreads(weights: Weights, steps: Sequence[Step]) -> list[Spread]:
    """The variances of the results of each step, starting with the first."""
    biases = (weights.bias_ih, weights.bias_hh)
    bias = sum(np.square(b) for b in biases if b is not None)
    h, c = np.zeros_like(steps[0].h), np.zeros_like(steps[0].c)
    result = []
    # Here i, f, g, o are values and v_i, … variances; z, c, tanh_c and h are variances.
    for s in steps:
        z = times(np.square(s.x), weights.weight_ih, np.square) + bias
        of_h_prev = np.square(s.h_prev) + h
        z = z + times(of_h_prev, weights.weight_hh, np.square)
        z_i, z_f, z_g, z_o = np.split(z, 4, axis=1)
        i, f, g, o = s.i, s.f, s.g, s.o
        v_i = np.square(i * (1 - i)) * z_i + np.square(i)
        v_f = np.square(f * (1 - f)) * z_f + np.square(f)
        v_g = np.square(1 - g * g) * z_g + np.square(g)
        v_o = np.square(o * (1 - o)) * z_o + np.square(o)
        c_prev = c
        c = (
            np.square(s.c_prev) * (v_f + np.square(f))
            + np.square(f) * c_prev
            + np.square(g) * (v_i + np.square(i))
            + np.square(i) * v_g
        )
        tanh_c = np.square(1 - s.tanh_c * s.tanh_c) * c + np.square(s.tanh_c)
        h = np.square(s.tanh_c) * v_o + np.square(o) * tanh_c
        if weights.weight_hr is not None:
            unprojected = np.square(s.o * s.tanh_c)
            h = times(unprojected + h, weights.weight_hr, np.square)
        result.append(Spread(i=v_i, f=v_f, g=v_g, o=v_o, c_prev=c_prev, c=c, tanh_c=tanh_c, h=h))
    return result


def slope_spread(s: Step, v: Spread) -> tuple[Array, ...]:
    """The variances of `derivatives.slopes`, in the same order."""
    i, f, g, o, tanh_c = s.i, s.f, s.g, s.o, s.tanh_c
    one_g, one_c = np.square(1 - g * g), np.square(1 - tanh_c * tanh_c)
    # The last addend of each is the rounding of 1 − i and the like.
    return (
        np.square(g * (1 - 2 * i)) * v.i + np.square(i * (1 - i)) * v.g + np.square(g * i),
        np.square(s.c_prev * (1 - 2 * f)) * v.f
        + np.square(f * (1 - f)) * v.c_prev
        + np.square(s.c_prev * f),
        one_g * v.i + np.square(2 * i * g) * v.g + np.square(i),
        np.square(tanh_c * (1 - 2 * o)) * v.o
        + np.square(o * (1 - o)) * v.tanh_c
        + np.square(tanh_c * o),
        one_c * v.o + np.square(2 * o * tanh_c) * v.tanh_c + np.square(o),
        v.f,
    )
