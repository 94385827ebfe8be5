VARIANTS = ("--focus gates", "--focus keep", "--focus write", "--focus show")
"""Every focus but that on all."""

DESCRIPTION_CLAUSES = (
    "step {step}",
    "x is {*x[t, 0]}",
    "h_prev is {*h_prev[t, 0]}",
    "c_prev is {*c_prev[t, 0]}",
    "gate f is {*f[t, 0]}",
    "gate i is {*i[t, 0]}",
    "gate g is {*g[t, 0]}",
    "gate o is {*o[t, 0]}",
    "f·c_prev is {*(f * c_prev)[t, 0]}",
    "i·g is {*(i * g)[t, 0]}",
    "c is {*c[t, 0]}",
    "tanh c is {*tanh_c[t, 0]}",
    "h is {*output[t, 0]}",
)
