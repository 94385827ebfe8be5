"""What `chunks` quotes."""

from tests.site.quoting import figure

FACTS = (
    *figure(
        (
            "each step back gets less of it",
            "all(a.norm() < b.norm() "
            "for a, b in zip(handed[0], handed[0][1:]))",
        ),
        (
            "everything before the second chunk gets exactly zero",
            "not any(part.any() for part in "
            "(detached[0][:2], *detached[1:])) and bool(detached[0][2:].all())",
        ),
    ),
)
