from tests.binding.clauses import CHARACTERS, NINE_UNITS

STRIP_NAMES = {
    *("lasts", "outlasts", "c_low", "c_high"),
    *(f"{gate}_{share}" for gate in "fio" for share in ("open", "ajar")),
}
"""Strips with an element for each column."""

TENSOR_AXES = {"life": ("unit",)}

SEPARATE_SCALES = {"width": ("lasts", "outlasts", "c_low", "c_high")}
"""Steps, shares and c have separate scales."""


def axes_of(name, names):
    """A column is one unit, or several units that share it."""
    if name not in STRIP_NAMES:
        return None
    order, per = names["order"], names["per"]
    parts = (order[k : k + per] for k in range(0, len(order), per))
    return {"unit": tuple(p[0] if per == 1 else tuple(p) for p in parts)}


ACTING_GATES = {f"{gate}_{share}": gate for gate in "fio" for share in ("open", "ajar")}

FIXED_INDICES = {
    **{f"c_{end}": {"sample": (0,)} for end in ("low", "high")},
    **{name: {"gate": (gate,), "sample": (0,)} for name, gate in ACTING_GATES.items()},
}

SYMBOLS = {"life": ("steps",), **dict.fromkeys(("c_low", "c_high", "c_low,c_high"), ("c",))}

REFUSED = ("a weight that is not a number",)
"""Cases that are not drawn: no unit has numbers at all steps."""

VARIANTS = (
    CHARACTERS,
    "--input-size 2 --hidden-size 700 --seq-len 3",
    NINE_UNITS,
    "--input-size 2 --hidden-size 3 --seq-len 20 --set lstm.bias_hh_l0[3]=1",
    "--input-size 2 --hidden-size 2 --seq-len 20 --set lstm.bias_hh_l0[2]=3 "
    "--set lstm.bias_hh_l0[0]=-4 --set lstm.bias_hh_l0[1]=-4 "
    "--set lstm.bias_hh_l0[6]=-9",
    "--input-size 2 --hidden-size 1 --seq-len 20 --set lstm.bias_hh_l0[1]=3",
    "--input-size 2 --hidden-size 60 --seq-len 40 --set lstm.bias_hh_l0[60]=4 "
    "--set lstm.bias_hh_l0[61]=3",
    "--input-size 2 --hidden-size 60 --seq-len 9 --set c_0[0,0,3]=inf",
    "--input-size 2 --hidden-size 2 --seq-len 5 --set lstm.bias_hh_l0[2]=9 "
    "--set lstm.bias_hh_l0[3]=9",
)

_RANGE_OF_C = "c goes from {c[:, 0, unit].min()} to {c[:, 0, unit].max()}"
_LIFE_CLAUSES = ("a write lasts to the end", "a write lasts {life[unit]} step‹|s›")

DESCRIPTION_CLAUSES = (
    "{len(order)} unit‹|s› over {len(x)} step‹|s›, by how long a write lasts",
    "ten steps or longer in {(life[order] >= 10).sum()}, three to nine in "
    "{((life[order] > 2) & (life[order] < 10)).sum()}, one or two in "
    "{(life[order] <= 2).sum()}",
    "unit {unit}",
    *_LIFE_CLAUSES,
    "f, i and o are open at {(f > 0.9)[:, 0, unit].double().mean()}, "
    "{(i > 0.9)[:, 0, unit].double().mean()} and "
    "{(o > 0.9)[:, 0, unit].double().mean()} of the steps",
    _RANGE_OF_C,
)
