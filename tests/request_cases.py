"""Requests for each figure, with random options."""

from lstm_figs.command.request import Request
from lstm_figs.figures import CATALOG
from lstm_figs.options import figure_options
from lstm_figs.sources import Source

SOURCES = [
    Source(),
    Source(seq_len=1),
    Source(seq_len=8, batch_size=2, set=("lstm.weight_hh_l0[0,1]=0", "x[1,0,0]=-0.5")),
    Source(1, 1, 0, seq_len=2),
    Source(8, 8, 2**63 - 1, seq_len=8, batch_size=3),
    Source(1, 8, 1, seq_len=1, batch_size=2),
    Source(8, 1, 2, seq_len=5),
    Source(
        3,
        5,
        3,
        seq_len=3,
        batch_size=3,
        set=("c_0[0,0,4]=2", "lstm.bias_hh_l0[19]=1e-3", "h_0[0,2,0]=-1"),
    ),
]
"""The example, or the bracket network for some figures; then extreme sizes.
Some sources change a few numbers.
"""

SHARES = (0, 1, 0.5, 1, 0.7, 0, 0.2, 0.4)
"""For each source, where each option is between its smallest and largest value."""

IDS = (None, "own-id")
"""Ids that requests have in turn; None is the figure's name."""


def options(name, hidden_size, seq_len, share, count=3):
    """Each option of a figure, a share of the way from its smallest to its largest value.

    `count` is the number of sequences, for `lengths`.
    """
    values = {
        option.name: _value(option, hidden_size, seq_len, share, count)
        for option in figure_options(CATALOG[name])
    }
    if values.get("focus", "all") == "all" or "only" not in values:
        return values
    # A focus chooses its units itself, and these can be drawn for any network.
    focuses = ("keep", "write", "show", "gradient")
    return {"focus": focuses[round(share * (len(focuses) - 1))]}


def _value(option, hidden_size, seq_len, share, count):
    def between(low, high):
        return low + round(share * (high - low))

    unit = between(0, hidden_size - 1)
    if option.choices:
        return option.choices[between(0, len(option.choices) - 1)]
    return {
        "unit": unit,
        "project": unit,
        "step": between(1, seq_len),
        "padding": between(1, 6),
        "steps": between(2, 12),
        "units": tuple({unit: 0, hidden_size - 1: 0}),
        "lengths": (*[between(1, seq_len)] * (count - 1), seq_len),
    }[option.name]


def requests(name):
    """A request for each source."""
    all_requests = []
    for k, (source, share) in enumerate(zip(SOURCES, SHARES, strict=True)):
        # The sizes of the example, where a source has none.
        count = source.batch_size or 1
        sizes = source.hidden_size or 2, source.seq_len or 4
        # A figure with `lengths` draws three sequences of a source with one.
        values = options(name, *sizes, share, count if count > 1 else 3)
        all_requests.append(Request(name, source, IDS[k % 2], options=tuple(values.items())))
    return all_requests
