"""What `chunks` quotes."""

from tests.site.quoting import figure, network

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
        ("is run in {:word} chunks", "len((handed[0][:2], handed[0][2:]))"),
    ),
    *network(
        "cell",
        (
            "{:word} layers in two directions have {:word} first states",
            "torch.nn.LSTM(3, 2, 2, bidirectional=True).num_layers",
            "len(torch.nn.LSTM(3, 2, 2, bidirectional=True)(x)[1][0])",
        ),
    ),
)
