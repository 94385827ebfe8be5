"""What `batch` quotes."""

from tests.site.quoting import figure

FACTS = (
    *figure(
        (
            "its cell state is {:.2f} and {:.2f}",
            "c[0, 0, 0]",
            "c[0, 0, 1]",
        ),
    ),
    *figure(
        ("{:Word} sequences take their first step", "x.shape[1]"),
    ),
)
