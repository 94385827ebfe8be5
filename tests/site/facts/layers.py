"""What `layers` quotes."""

from tests.site.quoting import figure

FACTS = (
    *figure(
        ("what {:word} modules compute in a chain", "len(outputs)"),
        (
            "becomes {:.0f} with probability p",
            "torch.nn.functional.dropout(torch.ones(99), 0.5).min()",
        ),
    ),
)
