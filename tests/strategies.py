"""What Hypothesis may choose: sizes, weights, inputs, requests."""

import numpy as np
from hypothesis import strategies as st

from lstm_figs.command.request import Request
from lstm_figs.figures import CATALOG
from lstm_figs.model.lstm import Array, Weights
from lstm_figs.options import Value, figure_options
from lstm_figs.sources import Source

sizes = st.integers(1, 8)
seq_lens = st.integers(1, 8)
batch_sizes = st.integers(1, 3)
seeds = st.integers(0, 2**32 - 1)


@st.composite
def arrays(draw: st.DrawFn, *shape: int, largest: float = 1) -> Array:
    """Finite float32, from all zero to numbers of every digit."""
    reach = draw(st.sampled_from((0, largest / 100, largest)))
    random = np.random.default_rng(draw(seeds))
    return random.uniform(-reach, reach, shape).astype(np.float32)


@st.composite
def weights(draw: st.DrawFn, *, largest: float = 1) -> Weights:
    input_size, rows = draw(sizes), 4 * draw(sizes)
    biased = draw(st.booleans())
    shapes = [(rows, input_size), (rows, rows // 4)] + [(rows,)] * 2 * biased
    return Weights(*(draw(arrays(*s, largest=largest)) for s in shapes))


def last_options(name: str, hidden_size: int, seq_len: int) -> dict[str, Value]:
    """The last unit and step, where a wrong index shows; the last choice."""
    last = {
        "unit": hidden_size - 1,
        "step": seq_len,
        "project": hidden_size - 1,
    }
    return {
        o.name: o.choices[-1] if o.choices else last[o.name]
        for o in figure_options(CATALOG[name])
        if o.choices or o.name in last
    }


@st.composite
def requests(draw: st.DrawFn, name: str, width: int = 720) -> Request:
    """A figure of the example or of a seed, its options within its tensors."""
    seq_len = draw(seq_lens)
    own = draw(st.booleans())
    source = Source(
        draw(sizes) if own else None,
        draw(sizes) if own else None,
        draw(st.integers(0, 2**63 - 1)) if own else None,
        seq_len=seq_len,
        batch_size=draw(batch_sizes),
    )
    count = source.batch_size if source.batch_size > 1 else draw(sizes)
    ranges: dict[str, st.SearchStrategy[Value]] = {
        "unit": st.integers(0, (source.hidden_size or 2) - 1),
        "step": st.integers(1, seq_len),
        "padding": st.integers(1, 6),
        "lengths": st.tuples(*[st.integers(1, seq_len)] * count),
        "project": st.integers(0, (source.hidden_size or 2) - 1),
        "directions": st.integers(0, 2),
        "steps": st.integers(1, 12),
        "units": st.lists(
            st.integers(0, (source.hidden_size or 2) - 1),
            min_size=1,
            max_size=4,
            unique=True,
        ).map(tuple),
    }
    options = tuple(
        (
            option.name,
            draw(
                st.sampled_from(option.choices)
                if option.choices
                else ranges[option.name]
            ),
        )
        for option in figure_options(CATALOG[name])
    )
    id = draw(st.sampled_from((None, "own-id")))
    return Request(name, source, id, width, options)
