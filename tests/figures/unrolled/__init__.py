DESCRIPTION_CLAUSES = (
    "at the start c is {*c_prev[0, 0]} and h is {*h_prev[0, 0]}",
    "step {step}",
    "x is {*x[t, 0]}",
    "c is {*c[t, 0]}",
    "h is {*output[t, 0]}",
)
