"""What `edit-units` quotes."""

from tests.site.quoting import figure

FACTS = (
    *figure(
        (
            "one row in each of the four bands, in every tensor",
            "all(len(p) == 4 * lstm.hidden_size for p in lstm.parameters())",
        ),
        (
            "and one column of `weight_hh`",
            "lstm.weight_hh_l0.shape[1] == lstm.hidden_size",
        ),
    ),
)
