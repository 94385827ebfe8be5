"""What `projection` quotes."""

from tests.site.quoting import network

FACTS = (
    *network(
        "projection",
        (
            "Its {:word} units give {:word} numbers",
            "lstm.hidden_size",
            "len(c_n[0, 0])",
        ),
        (
            "the interval from {:.0f} to {:.0f}",
            "torch.tensor(-99.0).tanh()",
            "torch.tensor(99.0).tanh()",
        ),
    ),
    *network(
        "projection --input-size 3 --hidden-size 6 --proj-size 2",
        (
            "{:Word} units, projected to {:word} elements",
            "lstm.hidden_size",
            "lstm.proj_size",
        ),
        (
            "`c` keeps {:word} numbers, `h` has {:word}",
            "c_n.shape[2]",
            "h_n.shape[2]",
        ),
    ),
)
