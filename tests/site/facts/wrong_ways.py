"""What `wrong-ways` quotes."""

from tests.site.quoting import figure

FACTS = (
    *figure(
        ("mixes the states of {:word} sequences", "batch.shape[1]"),
        ("a row gets the states of {:word} sequences", "len(wrong)"),
        ("Of {:word} sequences in a batch", "padded.shape[1]"),
    ),
)
