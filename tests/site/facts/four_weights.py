"""What `four-weights` quotes."""

from tests.site.quoting import figure

FACTS = (
    *figure(
        (
            "the first: {:.2f}.",
            "(x @ lstm.weight_ih_l0[:1].T)[step - 1, 0, 0]",
        ),
        (
            "adds {:.2f} to the sums of its input gate and its forget gate",
            "ih[step - 1, 0, unit]",
        ),
        (
            "its forget gate, which opens both;",
            "ih[step - 1, 0, unit] == ih[step - 1, 0, 2 + unit]",
        ),
        (
            "it adds {:.2f} to that of its output gate",
            "ih[step - 1, 0, 6 + unit]",
        ),
        ("and lowers its cell gate by {:.2f}", "-ih[step - 1, 0, 4 + unit]"),
    ),
)
