from tests.binding.clauses import CHARACTERS

TENSOR_AXES = {"c_share": ("step", "unit")}

UNDESCRIBED = {"extreme-#": "a number of each row"}

SYMBOLS = {"c_share": ("c",)}


STRONGEST_SHARE = 0.85
"""The share of a hue in the most extreme cell; no number is on a cell."""

REFUSED = ("a weight that is not a number",)
"""Cases that are not drawn: no unit has numbers at all steps."""

_NEIGHBOURS = (
    "--input-size 2 --hidden-size 90 --seq-len 30 --set lstm.bias_hh_l0[6]=9 "
    "--set lstm.bias_hh_l0[95]=9 --set lstm.bias_hh_l0[96]=7 "
    "--set lstm.bias_hh_l0[186]=9"
)
"""Two named units are neighbours, closer together than their names."""

VARIANTS = (
    f"{CHARACTERS} --of f",
    CHARACTERS,
    "--input-size 2 --hidden-size 700 --seq-len 40 --of ig",
    "--network example --row-scale shared",
    *(f"--network example --of {of}" for of in "hgio"),
    _NEIGHBOURS,
    *(
        f"--input-size 2 --hidden-size 1 --seq-len {steps} --set lstm.bias_hh_l0[1]={bias}"
        for steps, bias in ((20, 3), (20, 9), (5, 9))
    ),
    *(
        f"--input-size 2 --hidden-size 90 {steps} --set lstm.bias_hh_l0[90]=4 "
        "--set lstm.bias_hh_l0[92]=3"
        for steps in ("--seq-len 40", "--seq-len 87 --tokens docs/code/characters-tokens.json")
    ),
    "--input-size 2 --hidden-size 700 --seq-len 40 --set c_0[0,0,3]=inf",
)

_LIFE_BANDS = (
    ("long", "ten steps or more", "life >= 10"),
    ("long", "to the end", "life.isinf()"),
    ("medium", "three to nine steps", "(life > 2) & ~(life >= 10)"),
    ("medium", "three to nine steps", "(life > 2) & ~life.isinf()"),
    ("short", "one or two steps", "life <= 2"),
)
"""Name, words, and condition of each band of lifetimes."""

DESCRIPTION_CLAUSES = (
    "{c.shape[-1]} unit‹|s› over {len(x)} step‹|s›",
    *(
        f"in {{({which}).sum()}} a write lasts {words}{more}"
        for name, words, which in _LIFE_BANDS
        for more in (
            "",
            ", and the median of their largest magnitudes of c is "
            f"{{c[:, 0, result('{name}')].abs().amax(0).median()}}",
        )
    ),
    "the strongest colour stands for {number('scale')}",
)
