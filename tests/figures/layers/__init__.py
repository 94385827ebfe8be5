from tests.binding.clauses import HIDDEN, LAYERS

VARIANTS = ("--input-size 3 --hidden-size 2 --num-layers 3 --bidirectional",)

DESCRIPTION_CLAUSES = (
    LAYERS,
    "step {step} reads {*x[step - 1, 0]}",
    *HIDDEN,
    "dropout acts nowhere",
    "between layers dropout acts",
    "with p = 1/2, {states(0, 'forward')[0, 0, 0]} becomes 0 or "
    "{states(0, 'forward')[0, 0, 0] * 2}",
)
