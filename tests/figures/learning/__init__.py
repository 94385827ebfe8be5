TENSOR_AXES = {
    "batches": ("moment",),
    "percent_at": ("moment",),
    "weight_at": ("moment",),
    "states": ("moment", "step", "unit"),
    "lives": ("moment", "unit"),
    "number": ("moment",),
    **dict.fromkeys(("quantiles", "aucs", "chances"), ("moment",)),
    "moved": ("moment", "step", "unit"),
    "correct": ("moment", "step"),
    "knows": ("noted",),
    "known": (),
    **dict.fromkeys(("noted_after", "percent", "weight"), ("noted",)),
    **dict.fromkeys(("opens", "closes", "within"), ("step",)),
}
"""`moment` is a drawn moment of the training; `noted` is every tenth batch."""

SEPARATE_SCALES = {
    "path": ("percent", "weight", "knows", "lives", "quantiles", "aucs"),
    "area": ("percent", "chances"),
    "x y": ("percent_at", "weight_at", "weight", "known", "lives", "aucs"),
}
"""The recorded curves have their own axes; c and the truth share one."""

SYMBOLS = {
    "weight": ("weight_hh_l0[0, 1]",),
    "known": ("from batch",),
    "chances": ("chance",),
    "aucs": ("this unit",),
}

EARLY = "tests/figures/learning/after-450.safetensors"
SHIPPED = "lstm_figs/sources/networks/brackets.safetensors"
PYTHON = "docs/code/python_model"
VARIANTS = (
    "--at 67,454,659",
    "--text a",
    "--text ((((x))))" + "x" * 60,
    '--text "("(',
    "--of seeds",
    f"--weights {EARLY} --weights {SHIPPED} --text 'f(\")b\")'",
    f"--weights ./{PYTHON}.safetensors --weights {PYTHON}.safetensors "
    f"--input {PYTHON}-input.safetensors --tokens {PYTHON}-tokens.json "
    f"--labels {PYTHON}-labels.json",
)
"""Moments that are not in the text of the figure, a text without a bracket, one too
long for letters, one that ends in quotes, other trainings, and files. One file is named
in two ways, because the same name twice is an error.
"""

_AT = "batches.tolist().index(k)"
_TEXT = f"both answers are right after {{correct[{_AT}].sum()}} of {{len(text)}} characters"

UNDRAWN = (
    "From file {} on, unit {} tells “{}” apart",
    "In unit {} a write lasts {} of {} steps, at first and at last",
)
"""Titles for files of a different training."""

DESCRIPTION_CLAUSES = (
    f"after {{k}} batches {{percent_at[{_AT}]}} % of fresh strings are right, and {_TEXT}",
    f"after {{k}} batches {_TEXT}",
    "after {k} batches the weight is {weight[k // 10]}",
    "in file {k}, in unit {unit}, a write lasts {lives[k - 1, unit]} step",
    "in file {k}, in unit {unit}, a write lasts {lives[k - 1, unit]} steps",
    "before training",
    "unit 0 goes up at ( and down at )",
    "unit 0 goes up at ( in quotes as well",
    "unit 1 jumps at the first quote",
    "unit 1 is on in quotes",
    "unit 0 counts, unit 1 is on in quotes",
    "the end of training",
    "seed {run} does not know quotes at the end",
    "seed {run} knows quotes from batch {known[str(run)]} on",
)
