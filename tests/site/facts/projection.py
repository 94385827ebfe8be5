"""What `projection` quotes."""

from tests.site.facts.common import module
from tests.site.quoting import asked, network


def reads_the_short_h() -> bool:
    """Whether each layer has as many columns for `h` as `h` is long."""
    one = module(3, 6, num_layers=2, proj_size=2)
    two = module(3, 6, num_layers=2, proj_size=2, bidirectional=True)
    return [
        one.weight_hh_l0.shape[1],
        one.weight_ih_l1.shape[1],
        two.weight_ih_l1.shape[1],
    ] == [2, 2, 2 * 2]


def refuses(units: int, size: int) -> bool:
    try:
        module(3, units, proj_size=size)
    except ValueError as error:
        return "has to be smaller" in str(error)
    return False


FACTS = (
    *asked(
        (
            "`proj_size` has to be smaller than `hidden_size`, so an LSTM "
            "with one unit cannot have a projection.",
            lambda: (
                [refuses(1, 1), refuses(6, 6), refuses(6, 5)]
                == [True, True, False]
            ),
        ),
        *(
            (words, reads_the_short_h)
            for words in (
                "`weight_hh` reads the short `h`, so it has `proj_size` "
                "columns.",
                "its `weight_ih` has `proj_size` columns, or twice as many "
                "with two directions",
            )
        ),
    ),
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
