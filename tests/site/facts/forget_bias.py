"""What `forget-bias` quotes."""

from tests.site.quoting import network


def row(f: float, left: str) -> tuple[str, ...]:
    """A line of the table, with what is left in this format, if anything."""
    percent = (f"100 * {f} ** 100",) if "{" in left else ()
    return (
        f"| {{}} | {{:.1f}} steps | {left} | {{:.1f}} |",
        f"{f}",
        f"torch.tensor(0.5).log() / torch.tensor({f}).log()",
        *percent,
        f"torch.tensor({f}).logit()",
    )


FACTS = (
    *network(
        "forget-bias",
        ("How do I set the forget gate bias to {}?", "1"),
        (
            "A {} in both is a {}, so one gets the value and the other {}",
            "1",
            "1 + 1",
            "1 - 1",
        ),
        ("How long does a gate of {} remember?", "0.98"),
        ("Left after {} steps", "100"),
        *(row(f, "nothing") for f in (0.5, 0.73)),
        ("| nothing |", "0.73 ** 100 < 1e-12"),
        row(0.9, "{:.3f}%"),
        *(row(f, "{:.1f}%") for f in (0.95, 0.98, 0.99, 0.995, 0.999)),
        (
            "about {:.1f} divided by what is missing to one: at {}, {:.1f} / "
            "{:.2f} = {:.0f}",
            "torch.tensor(2.0).log()",
            "0.98",
            "torch.tensor(2.0).log()",
            "1 - 0.98",
            "0.7 / (1 - 0.98)",
        ),
        (
            "is smaller than {}, so with f at {} a count never passes {:,}",
            "1",
            "0.999",
            "round(1 / (1 - 0.999))",
        ),
        ("with f at {} it never passes {}", "0.9", "round(1 / (1 - 0.9))"),
        (
            "the tanh of {} and that of {:,} are {:.3f} and {:.0f}",
            "3",
            "1000",
            "torch.tensor(3.0).tanh()",
            "torch.tensor(1000.0).tanh()",
        ),
    ),
)
