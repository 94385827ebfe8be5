"""Random modules, sources, edits and options."""

from dataclasses import replace

from hypothesis import strategies as st

from lstm_figs.command.request import Request, fitting_source
from lstm_figs.errors import UsageError
from lstm_figs.figures import CATALOG, LEARNED
from lstm_figs.options import figure_options
from lstm_figs.sources import Source
from lstm_figs.sources.edits import RunInputs
from lstm_figs.sources.networks import BATCHES
from tests.binding.cases import VARIANTS
from tests.live_modules import Live
from tests.run_cases import Run
from tests.sources import UNTRAINED_FIGURES

sizes = st.integers(1, 8)
larger_sizes = sizes | st.sampled_from((9, 10, 12, 16, 17, 33, 40, 65))
seq_lens = st.integers(1, 8)
longer_lengths = seq_lens | st.sampled_from((9, 12, 13, 30, 60, 100))
batch_sizes = st.integers(1, 3)
seeds = st.integers(0, 2**32 - 1)
figures = st.sampled_from(list(CATALOG))
figures_of_any_module = st.sampled_from(UNTRAINED_FIGURES)
widths = st.sampled_from((360, 480, 600, 720)) | st.integers(360, 720)
bound_messages = ["hidden-size", *(line.removeprefix("--message ") for line in VARIANTS["error"])]
ids = st.sampled_from((None, "own-id"))
magnitudes = st.sampled_from((0, 0.01, 1))

runs = st.builds(
    Run,
    *(sizes, sizes, seq_lens, batch_sizes, magnitudes, magnitudes, st.none() | magnitudes),
    *(magnitudes, magnitudes, magnitudes, seeds),
)

texts = st.text('()"xa,f ', min_size=1, max_size=60) | st.text(min_size=1, max_size=20)


@st.composite
def live_modules(draw, size=sizes, length=seq_lens, extreme=False):
    """A module of any form; if extreme, with weights that may be tiny, huge or NaN."""
    hidden_size = draw(size)
    more = {
        "input_size": draw(size),
        "hidden_size": hidden_size,
        "bias": draw(st.booleans()),
        "dtype": draw(st.sampled_from(("float32", "float64"))),
        "batch_size": draw(st.none() | batch_sizes),
        "has_state": draw(st.booleans()),
        "seed": draw(seeds),
    }
    # Strong weights amplify rounding from step to step beyond any tolerance.
    seq_len = draw(length)
    if extreme:
        # If sums overflow, the result depends on the order of addition.
        strong = (30.0, 1e15) if seq_len <= 2 else ()
        more["factor"] = draw(st.sampled_from((1.0, 1e-7, 1e-3, 4.0, *strong)))
        special = (float("nan"), float("inf"), -float("inf"), 1e18, 1e-40)
        more["value"] = draw(st.none() | st.sampled_from(special))
    if draw(st.integers(0, 5)) == 0:
        return Live(cell=True, **more)
    num_layers, packed = draw(st.integers(1, 3)), draw(st.booleans())
    return Live(
        num_layers=num_layers,
        bidirectional=draw(st.booleans()),
        proj_size=draw(st.integers(0, hidden_size - 1)),
        batch_first=draw(st.booleans()),
        dropout=draw(st.sampled_from((0, 0.5))) if num_layers > 1 else 0,
        seq_len=seq_len,
        lengths=tuple(draw(st.lists(st.integers(1, seq_len), min_size=1, max_size=5)))
        if packed
        else (),
        **more,
    )


@st.composite
def sources(draw, size=sizes, length=seq_lens):
    """Weights and an input from command-line options, without files."""
    source = draw(unchanged_sources(size, length))
    if draw(st.integers(0, 2)):
        return source
    return replace(source, set=draw(edits(source)))


@st.composite
def edits(draw, source):
    """Edits of the tensors of a source."""
    trace = source.trace()
    arrays = RunInputs(
        stack=trace.weights,
        kind=trace.kind,
        x=trace.x,
        h_0=trace.h_0,
        c_0=trace.c_0,
        readout=trace.origin.readout,
    ).tensors()
    changes = {}
    # Strong weights amplify rounding from step to step beyond any tolerance.
    strong = (-40.0, 1e15) if len(trace.x) <= 2 else ()
    values = st.floats(-3, 3, width=32) | st.sampled_from((0.0, *strong))
    for _ in range(draw(st.integers(1, 3))):
        name = draw(st.sampled_from(list(arrays)))
        index = [draw(st.integers(0, n - 1)) for n in arrays[name].shape]
        changes[f"{name}{index}"] = draw(values)
    return tuple(f"{place}={value}" for place, value in changes.items())


@st.composite
def unchanged_sources(draw, size=sizes, length=seq_lens):
    kind = draw(st.sampled_from(("seeded", "seeded", "example", "brackets")))
    lengths = {"seq_len": draw(st.none() | length), "batch_size": draw(st.none() | batch_sizes)}
    if kind == "example":
        return Source(**lengths)
    if kind == "brackets":
        text = draw(st.none() | texts.filter(is_text))
        extent = {"text": text} if text else lengths
        after = draw(st.none() | st.integers(0, BATCHES))
        return Source(network="brackets", after=after, **extent)
    hidden_size, num_layers = draw(size), draw(st.integers(1, 3))
    is_bidirectional = draw(st.booleans())
    return Source(
        draw(size),
        hidden_size,
        draw(st.none() | st.integers(0, 2**63 - 1)),
        **lengths,
        num_layers=num_layers,
        bidirectional=is_bidirectional,
        proj_size=draw(st.integers(0, hidden_size - 1)),
        no_bias=draw(st.booleans()),
        dtype=draw(st.sampled_from((None, "float32", "float64"))),
        layer=draw(st.integers(0, num_layers - 1)),
        reverse=is_bidirectional and draw(st.booleans()),
    )


def is_text(text):
    """Whether the bracket network can read a text."""
    try:
        return bool(Source(network="brackets", text=text))
    except UsageError:
        return False


def values(option, hidden_size, seq_len, count):
    """Values of an option of a figure."""
    unit = st.integers(0, hidden_size - 1)
    if option.name == "message":
        # For other messages, the axes are unknown to the tests.
        return st.sampled_from(bound_messages)
    if option.choices:
        return st.sampled_from(option.choices)
    return {
        "unit": unit,
        "project": unit,
        "step": st.integers(1, seq_len),
        "padding": st.integers(1, 6),
        "steps": st.integers(1, 12),
        "units": st.lists(unit, min_size=1, max_size=4, unique=True).map(tuple),
        "lengths": st.tuples(*[st.integers(1, seq_len)] * count),
        "at": st.lists(st.integers(0, BATCHES), min_size=1).map(tuple),
    }[option.name]


@st.composite
def options(draw, name, hidden_size, seq_len, count):
    return {
        option.name: draw(values(option, hidden_size, seq_len, count))
        for option in figure_options(CATALOG[name])
        if draw(st.booleans())
    }


@st.composite
def source_options(draw, name, source):
    count = source.batch_size or 1
    seq_len = source.seq_len or len(source.text or "four")
    count = count if count > 1 else draw(sizes)
    return tuple(draw(options(name, source.hidden_size or 2, seq_len, count)).items())


@st.composite
def requests(draw, size=sizes, length=seq_lens):
    name = draw(figures)
    source = fitting_source(name, draw(sources(size, length)))
    if name in LEARNED:
        text = draw(st.none() | texts.filter(is_text))
        source = Source(network="brackets", text=text)
    return Request(name, source, draw(ids), options=draw(source_options(name, source)))


@st.composite
def simple_requests(draw, width=False):
    """The same with one layer and direction, which every figure can draw."""
    name, own = draw(figures_of_any_module), draw(st.booleans())
    own_sizes = [draw(part) for part in (sizes, sizes, st.integers(0, 2**63 - 1)) if own]
    source = Source(*own_sizes, seq_len=draw(seq_lens), batch_size=draw(batch_sizes))
    wide = draw(widths) if width else 720
    return Request(name, source, draw(ids), wide, draw(source_options(name, source)))


@st.composite
def drawn_modules(draw, **more):
    """A live module with a figure that can draw it."""
    name, case = draw(figures_of_any_module), draw(live_modules(**more))
    count = len(case.lengths) or case.batch_size or 1
    seq_len = max(case.lengths, default=1 if case.cell else case.seq_len)
    tokens = ()
    if draw(st.integers(0, 3)) == 0:
        tokens = draw(st.tuples(*[st.text(max_size=12)] * seq_len))
    return {
        "name": name,
        "case": case,
        "part": draw(st.integers(0, 5)),
        "options": draw(options(name, case.hidden_size, seq_len, count)),
        "tokens": tokens,
    }
