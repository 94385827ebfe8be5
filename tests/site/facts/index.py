"""What `index` quotes."""

from tests.site.facts.common import TRAINED, occurrences
from tests.site.facts.what_it_remembers import FOLLOWS_THE_DEPTH
from tests.site.quoting import figure, network

BETWEEN = "inside[1:] & inside[:-1]"
"""The steps after an opening quote, but for the closing one."""

FACTS = (
    *figure(
        (
            "It rises by one at every opening bracket and falls by one at "
            "every closing one, but not between quotes.",
            FOLLOWS_THE_DEPTH.replace("0, 0]", "0, units[0]]"),
        ),
        (
            "where the figure says *i gate = {:.3f}*, next to nothing is "
            "written",
            "i[27, 0, units[0]]",
        ),
        (
            "next to nothing is written",
            "text[27] == ')'",
            "abs((i * g)[27, 0, units[0]]) < 0.01",
        ),
        (
            "Between quotes it is shut",
            f"i[1:, 0, units[0]][{BETWEEN}].max() < 0.1",
        ),
        (
            "because the other unit shuts it",
            "torch.sigmoid(z_i[1:, 0, units[0]] - lstm.weight_hh_l0[units[0], "
            f"1 - units[0]] * h_prev[1:, 0, 1 - units[0]])[{BETWEEN}].min() "
            "> 0.5",
        ),
    ),
    *figure(
        (
            "with {:word} units, each a memory of one number",
            "lstm.hidden_size",
        ),
        (
            "takes {:word} inputs, has {:word} units",
            "lstm.input_size",
            "lstm.hidden_size",
        ),
        id="reading",
    ),
    *network(
        "cell",
        ("{:Word} networks on these pages have learned", f"1 + {TRAINED}"),
        ("{:Word} ways in", occurrences("- **[", "index")),
    ),
)
