SYMBOLS = {"o*tanh_c*weight_hr": ("adds",)}

DESCRIPTION_CLAUSES = (
    "step {step}",
    "c is {*c[t, 0]}",
    "tanh c is {*tanh_c[t, 0]}",
    "o is {*o[t, 0]}",
    "o·tanh c is {*(o * tanh_c)[t, 0]}",
    "row {row} of weight_hr is {*p('weight_hr')[row]}",
    "the products are {*(o * tanh_c)[t, 0] * p('weight_hr')[0]}",
    "h is {*output[t, 0]}",
)
