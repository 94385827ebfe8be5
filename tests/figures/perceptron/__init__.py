SYMBOLS = {"x*weight_ih": ("adds",)}

UNDESCRIBED = {"y-more": "the rest of a long sum"}

DESCRIPTION_CLAUSES = (
    "step {step}",
    "each input is multiplied by a weight, and the products are added up",
    "x is {*x[t, 0]}",
    "the weights are {*p('weight_ih')[0]}",
    "the products are {*x[t, 0] * p('weight_ih')[0]}",
    "the sum is {(x @ p('weight_ih').T)[t, 0, 0]}",
)
