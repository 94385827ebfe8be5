"""Regression tests for faults in figures that were found after their checks passed."""

import pytest

import lstm_figs
from lstm_figs.command.request import Request
from lstm_figs.errors import BeyondLimit
from lstm_figs.sources import Source
from tests.binding.inspection import check_live, check_request
from tests.live_modules import Live

HUGE = Live(cell=True, input_size=1, hidden_size=1, bias=False, factor=1e30, seed=2)

LIVE = {
    "a gradient of which a part is not a number": (
        "chunks",
        Live(cell=True, input_size=1, bias=False, batch_size=None, value=float("nan")),
        0,
        {},
        ("",),
    ),
    "five characters where there is room for four": (
        "reading",
        Live(
            input_size=9,
            hidden_size=5,
            num_layers=3,
            bidirectional=True,
            seq_len=6,
            batch_size=None,
            has_state=True,
            seed=4294967295,
        ),
        0,
        {},
        ("", "", "", "", "", "0000000\u0830\U000260f2\U000d4df6"),
    ),
    "a weight whose name has no room beside the line": (
        "reading",
        Live(
            input_size=6,
            num_layers=2,
            bidirectional=True,
            seq_len=2,
            batch_size=None,
            lengths=(2,),
            factor=30.0,
            seed=97513767,
        ),
        3,
        {},
        ("", ""),
    ),
    "a line below a table whose widest row is not its last": (
        "cell-input",
        Live(input_size=1, hidden_size=3, bias=False, seq_len=2, factor=1e-7, seed=226349),
        0,
        {"unit": 0},
        (),
    ),
    "a long tick below the word beside the zero": (
        "units",
        Live(
            hidden_size=4,
            num_layers=2,
            bidirectional=True,
            proj_size=3,
            seq_len=5,
            batch_size=None,
            lengths=(2, 2, 4),
            factor=1e-7,
            seed=250289,
        ),
        5,
        {},
        (),
    ),
    "a sum that has no bar": (
        "cell-input",
        Live(
            cell=True, input_size=1, hidden_size=1, bias=False, batch_size=None, value=float("nan")
        ),
        0,
        {},
        (),
    ),
    "bars on which 1.0 is next to nothing": (
        "padding",
        Live(
            input_size=2,
            hidden_size=5,
            num_layers=2,
            bidirectional=True,
            proj_size=2,
            bias=False,
            batch_size=None,
            lengths=(1,),
            factor=1e15,
            seed=4294967295,
        ),
        5,
    ),
    "a c of a unit whose h is no number": (
        "keep-write-show",
        Live(
            cell=True, input_size=1, hidden_size=1, bias=False, batch_size=None, value=float("nan")
        ),
    ),
    "a state at the start of which next to nothing is left": (
        "writes",
        Live(
            input_size=2,
            hidden_size=1,
            bidirectional=True,
            batch_size=None,
            lengths=(1,),
            has_state=True,
            factor=30.0,
            seed=899,
        ),
        1,
    ),
    "gradients that rounding alone tells apart": (
        "bias-gradients",
        Live(cell=True, input_size=1, hidden_size=3, bias=False, batch_size=None, factor=1e-7),
    ),
    "a point on the flat end of a curve": (
        "gate-functions",
        Live(cell=True, input_size=1, bias=False, batch_size=None, factor=4.0),
    ),
    "numbers beside each other that fill their boxes": (
        "cell",
        Live(input_size=1, num_layers=2, bias=False, seq_len=2, factor=1e-7, seed=2),
        1,
    ),
    "a token of no letters": ("reading", Live(cell=True), 0, {}, ("",)),
    "states of more rows than the cell states that fold": (
        "data-flow",
        Live(input_size=1, hidden_size=9, proj_size=7, bias=False),
    ),
    "a state that is the rounding of large addends": (
        "unrolled",
        Live(
            input_size=1,
            hidden_size=3,
            proj_size=2,
            bias=False,
            seq_len=2,
            factor=0.001,
            value=1e18,
            seed=171,
        ),
    ),
    "a state that is smaller than any fixed tolerance": (
        "padding",
        Live(cell=True, bias=False, batch_size=None, factor=1e-7),
    ),
    "a difference that is the rounding of what it is of": (
        "custom-cell",
        Live(
            input_size=1,
            hidden_size=1,
            num_layers=2,
            bias=False,
            batch_size=None,
            factor=1e-7,
            seed=1,
        ),
        1,
    ),
    "a wire to a number that an exponent makes shorter": (
        "porting",
        Live(cell=True, hidden_size=1, bias=False, batch_size=None, factor=0.001),
    ),
    "tokens that the reverse direction reads from the last": (
        "reading",
        Live(input_size=1, hidden_size=1, bidirectional=True, seq_len=2),
        1,
        {},
        ("a", "b"),
    ),
    "tiny numbers beside each other that need six characters": (
        "batch",
        Live(input_size=6, hidden_size=7, proj_size=4, bias=False, factor=1e-7),
    ),
    "a sum of thirty digits": ("cell-output", HUGE),
    "a zero beside a number with more digits": (
        "keep-write-show",
        Live(bias=False, seq_len=2, input_size=2, value=float("inf")),
    ),
    "the shape of a column that is as narrow as NaN": (
        "batch",
        Live(
            cell=True, input_size=1, hidden_size=1, bias=False, has_state=True, value=float("nan")
        ),
    ),
    "the index of a narrow column beside a frame": (
        "batch",
        Live(cell=True, hidden_size=9, bias=False, batch_size=None),
    ),
    "gradients of which none is a number": (
        "gradient-distance",
        Live(hidden_size=1, num_layers=2, value=float("nan")),
        1,
    ),
    "one small weight in a box": (
        "perceptron",
        Live(
            cell=True,
            input_size=1,
            hidden_size=1,
            bias=False,
            batch_size=None,
            factor=0.001,
            seed=2,
        ),
    ),
    "vectors of one number above maps of many rows": (
        "keep-write-show",
        Live(input_size=1, hidden_size=5, proj_size=1, bias=False, batch_size=None),
        0,
        {},
        ("",),
    ),
    "a zero below numbers of seven characters": (
        "cell-output",
        Live(
            input_size=7,
            hidden_size=12,
            num_layers=2,
            seq_len=3,
            batch_size=None,
            factor=1e30,
            seed=363,
        ),
    ),
    "a one above numbers of seven characters": (
        "cell-output",
        Live(input_size=2, hidden_size=1, seed=549, factor=1e15, value=1e18),
        0,
        {},
        ("a",),
    ),
    "gates without length beside a huge h": (
        "cell",
        Live(input_size=1, proj_size=1, bias=False, batch_size=None, factor=1e15),
        0,
        {},
        ("",),
    ),
    "gradients whose rounding is unknown": (
        "bias-gradients",
        Live(
            cell=True,
            input_size=1,
            hidden_size=1,
            bias=False,
            batch_size=None,
            has_state=True,
            factor=30.0,
            value=float("inf"),
            seed=1,
        ),
    ),
    "gradients of fewer digits than a float has": (
        "bias-gradients",
        Live(
            input_size=1,
            hidden_size=1,
            seq_len=7,
            seed=488,
            value=100.0,
            bidirectional=True,
            num_layers=2,
            has_state=True,
        ),
    ),
    "a gradient that moves with the rounding of a layer below": (
        "gradient-distance",
        Live(
            input_size=2, hidden_size=9, seq_len=2, seed=470, factor=30.0, num_layers=2, bias=False
        ),
        1,
    ),
    "numbers over columns of zeros": (
        "keep-write-show",
        Live(input_size=3, hidden_size=2, seq_len=2, factor=0.0, dtype="float64"),
    ),
    "one step of units some of which are no numbers": (
        "units",
        Live(input_size=2, hidden_size=9, value=float("nan")),
    ),
    "a unit that writes nothing above others": (
        "units",
        Live(input_size=2, hidden_size=3, seq_len=2, value=float("inf")),
    ),
    "a unit that writes nothing": (
        "units",
        Live(
            input_size=1,
            hidden_size=1,
            num_layers=2,
            seq_len=2,
            batch_size=None,
            lengths=(2,),
            value=float("inf"),
        ),
    ),
    "padding that is narrower than the steps": (
        "padding",
        Live(
            input_size=7,
            hidden_size=8,
            bidirectional=True,
            bias=False,
            batch_size=None,
            lengths=(1,),
            factor=30.0,
        ),
        0,
        {"padding": 5},
    ),
    "a gradient that rounding takes beyond the end of a scale": (
        "direct-path",
        Live(hidden_size=2, seq_len=6, factor=30.0),
    ),
    "two arrows at the first step of a second row": (
        "reading",
        Live(input_size=1, hidden_size=1, seq_len=30, batch_size=None),
        0,
        {},
        ("",) * 30,
    ),
    "two arrows at a narrow first step": (
        "reading",
        Live(input_size=1, hidden_size=1, bias=False, seq_len=100, has_state=True),
    ),
    "biases that add up to minus infinity": (
        "weight-map",
        Live(input_size=5, hidden_size=1, batch_size=None, value=float("inf")),
    ),
    "blocks of which one is infinite": (
        "weight-map",
        Live(input_size=5, hidden_size=33, batch_size=None, value=float("inf")),
    ),
    "a cell state that is no number, alone": (
        "reading",
        Live(
            input_size=1,
            hidden_size=1,
            num_layers=2,
            bias=False,
            batch_size=None,
            value=float("nan"),
        ),
        1,
        {"only": "c"},
        ("",),
    ),
    "thirty steps that are no numbers": (
        "reading",
        Live(input_size=1, hidden_size=1, num_layers=2, bias=False, seq_len=30, value=float("nan")),
        1,
    ),
    "an arrow at a narrow first step": (
        "reading",
        Live(
            input_size=2,
            hidden_size=1,
            num_layers=2,
            bias=False,
            seq_len=60,
            batch_size=None,
            lengths=(1, 35),
        ),
    ),
    "two arrows at a narrow last step": (
        "reading",
        Live(input_size=2, hidden_size=1, bias=False, seq_len=101, batch_size=None, has_state=True),
    ),
    "two arrows at each of two narrow steps": (
        "reading",
        Live(
            input_size=2,
            hidden_size=1,
            bias=False,
            seq_len=41,
            batch_size=None,
            has_state=True,
            seed=5,
        ),
    ),
    "a last state that two runs round otherwise": (
        "gates-over-time",
        Live(
            input_size=12,
            hidden_size=12,
            num_layers=2,
            proj_size=9,
            bias=False,
            seq_len=4,
            batch_size=None,
        ),
    ),
    "an input that is computed by the layer below": (
        "keep-write-show",
        Live(
            input_size=1,
            hidden_size=5,
            num_layers=2,
            proj_size=3,
            seq_len=2,
            batch_size=None,
            lengths=(2,),
            factor=30.0,
        ),
        1,
        {},
        ("", ""),
    ),
    "a state that is hardly beyond the end of a scale": (
        "keep-write-show",
        Live(input_size=1, hidden_size=1, seq_len=2, batch_size=None, factor=4.0, seed=45542),
    ),
    "a sum that is longer than its column": (
        "keep-write-show",
        Live(
            input_size=1,
            hidden_size=1,
            num_layers=3,
            bias=False,
            dtype="float64",
            batch_size=None,
            factor=1e-7,
        ),
        4,
        {},
        ("",),
    ),
    "an arrow to a number with an exponent": (
        "keep-write-show",
        Live(
            input_size=2,
            hidden_size=4,
            bias=False,
            seq_len=3,
            batch_size=None,
            factor=0.001,
            seed=263909,
        ),
        0,
        {},
        ("", "", ""),
    ),
    "a scale of numbers with exponents": (
        "writes",
        Live(input_size=2, hidden_size=1, num_layers=2, factor=1e-7, seed=1473),
    ),
    "a message of a cell": ("error", Live(cell=True), 0, {"message": "cell-input-size"}),
    "more rows of h than of c, of which some are left out": (
        "data-flow",
        Live(hidden_size=9, proj_size=7),
    ),
    "numbers that are wider than a step": (
        "reading",
        Live(hidden_size=3, input_size=1, bias=False, seq_len=7, factor=1e-7),
    ),
    "a small number beside a large one": (
        "directions",
        Live(
            input_size=4,
            hidden_size=5,
            num_layers=3,
            bidirectional=True,
            proj_size=2,
            bias=False,
            lengths=(5, 3, 4),
            has_state=True,
            factor=0.001,
            seed=116,
        ),
    ),
    "one sequence of eight steps in a narrow form": (
        "packed",
        Live(input_size=1, hidden_size=1, bias=False, seq_len=8),
        0,
        {"lengths": (8,)},
    ),
    "an input that has gaps once it is not packed any more": (
        "autograd",
        Live(input_size=1, hidden_size=1, dtype="float64", lengths=(1, 2)),
    ),
    "a gate that is no number, and is not on any path": (
        "direct-path",
        Live(cell=True, input_size=1, hidden_size=1, value=float("nan")),
    ),
    "cell states that are longer than what they are projected to": (
        "shapes",
        Live(input_size=1, hidden_size=9, num_layers=2, proj_size=1),
    ),
    "axes of units that begin and end at zero": (
        "reading",
        Live(cell=True, input_size=1, bias=False, batch_size=None),
        0,
        {"only": "c"},
        ("",),
    ),
    "a type that is read off the first layer": (
        "reading",
        Live(
            input_size=1, hidden_size=1, num_layers=2, bias=False, dtype="float64", batch_size=None
        ),
        1,
    ),
    "biases that are added to a module that has none": (
        "wrong-way",
        Live(cell=True, input_size=1, hidden_size=1, bias=False),
        0,
        {"mistake": "forget-bias-twice"},
    ),
    "two units that are named one by one": (
        "writes",
        Live(cell=True, input_size=1, hidden_size=9, bias=False),
        0,
        {"units": (0, 1)},
        ("",),
    ),
    "a number that sticks out of the last cell": (
        "weight-map",
        Live(cell=True, input_size=1, hidden_size=6, bias=False, factor=1e-7),
    ),
    "a cell of its own sizes": (
        "error",
        Live(input_size=1, proj_size=1, bias=False, lengths=(1,)),
        0,
        {"message": "cell-h-alone"},
    ),
    "lengths that are all alike": (
        "hidden-size",
        Live(input_size=1, hidden_size=1, bias=False, lengths=(1, 1)),
    ),
    "a derivative beside a state that is no number": (
        "independence",
        Live(cell=True, input_size=1, hidden_size=1, bias=False, value=float("nan")),
    ),
    "an input that adds nothing, and no other": (
        "perceptron",
        Live(input_size=1, hidden_size=1, num_layers=2, bias=False, value=float("-inf")),
        1,
    ),
    "an exponent over the middle of a column": (
        "independence",
        Live(cell=True, input_size=2, hidden_size=3, factor=30.0, seed=107),
    ),
    "exponents in frames": (
        "wrong-way",
        Live(cell=True, input_size=2, hidden_size=4, factor=0.001),
    ),
    "no number in the frames of a unit": (
        "cell-output",
        Live(cell=True, input_size=1, bias=False, value=float("nan")),
    ),
    "a last state that is no number": (
        "shapes",
        Live(
            input_size=1,
            hidden_size=1,
            num_layers=2,
            bidirectional=True,
            bias=False,
            value=float("nan"),
        ),
    ),
    "tokens that are slanted": (
        "reading",
        Live(input_size=1, hidden_size=1, bias=False, seq_len=8),
        0,
        {},
        ("", "", "", "", "", "", "", "0000"),
    ),
    "tokens that are upright": (
        "reading",
        Live(input_size=1, hidden_size=1, bias=False, seq_len=18),
        0,
        {},
        ("word",) * 18,
    ),
    "a type that is the wider one": (
        "error",
        Live(cell=True, input_size=1, hidden_size=1, bias=False, dtype="float64"),
        0,
        {"message": "dtype"},
    ),
    "a unit of which only one gate is NaN": (
        "unit-map",
        Live(cell=True, input_size=1, bias=False, batch_size=None, value=float("nan")),
        0,
        {},
        ("",),
    ),
    "a unit that is the largest of random numbers as well": (
        "bias-gradients",
        Live(cell=True, input_size=1, bias=False, batch_size=None),
        0,
        {},
        ("",),
    ),
    "a token with a point": (
        "reading",
        Live(cell=True, input_size=1, hidden_size=1, bias=False, batch_size=None),
        0,
        {},
        (".0",),
    ),
    "the same in columns": (
        "units",
        Live(cell=True, input_size=1, bias=False, batch_size=None, value=float("nan")),
    ),
    "units whose writes outlast a short sequence": (
        "units",
        Live(
            input_size=1,
            hidden_size=9,
            num_layers=3,
            bias=False,
            seq_len=2,
            batch_size=None,
            has_state=True,
        ),
    ),
    "numbers that a column of padding would cut": (
        "padding",
        Live(
            cell=True, input_size=2, hidden_size=3, bias=False, batch_size=None, factor=4.0, seed=2
        ),
        0,
        {"padding": 6},
        ("",),
    ),
    "writes that leave nothing": (
        "writes",
        Live(cell=True, input_size=1, hidden_size=1, bias=False, factor=1e15),
    ),
    "a batch that is made of one step": (
        "packed",
        Live(cell=True, input_size=1, hidden_size=1, bias=False, batch_size=None),
        0,
        {},
        ("",),
    ),
    "numbers of six characters beside their curves": (
        "gru",
        Live(input_size=1, hidden_size=1, bias=False, dtype="float64", factor=1e-7, seed=3),
    ),
    "weights of zero in cells of colours": (
        "keep-write-show",
        Live(hidden_size=16, bias=False, factor=0),
    ),
    "colours of zeros that have no scale": ("batch", Live(factor=0)),
    "a map of zeros": ("unit-map", Live(factor=0), 0, {"of": "g"}),
    "zeros in a projection": ("projection", Live(hidden_size=3, proj_size=2, factor=0)),
    "sums of zero": ("cell-input", Live(input_size=1, hidden_size=1, bias=False, factor=0)),
    "a table of one row of zeros": (
        "gate-functions",
        Live(input_size=1, hidden_size=1, bias=False, factor=0),
    ),
    "more whole numbers than can be read": (
        "weight-map",
        Live(
            input_size=16, hidden_size=7, bidirectional=True, bias=False, dtype="float64", factor=0
        ),
        1,
    ),
    "a gradient that detach takes nothing from": (
        "chunks",
        Live(input_size=8, hidden_size=1, bias=False, factor=1e6),
    ),
    "numbers that only a wider half has room for": (
        "padding",
        Live(
            input_size=2,
            bias=False,
            dtype="float64",
            seq_len=9,
            batch_size=None,
            factor=0.3,
            seed=820165205,
        ),
        0,
        {"padding": 5},
    ),
    "a long token that is slanted beside a short one": (
        "gates-over-time",
        Live(input_size=6, hidden_size=7, num_layers=3, proj_size=3, bias=False, seq_len=12),
        0,
        {},
        ("a" * 12, *[""] * 11),
    ),
    "a gate that is one half but for rounding": (
        "writes",
        Live(
            input_size=1,
            hidden_size=1,
            bias=False,
            seq_len=2,
            batch_size=None,
            factor=1e-7,
            seed=658635,
        ),
    ),
    "states of which the one before the first step has no room": (
        "direct-path",
        Live(
            input_size=1, hidden_size=1, bias=False, seq_len=5, batch_size=None, value=float("nan")
        ),
    ),
    "a token that looks like an element": ("unit-map", Live(), 0, {}, ("x[0]",)),
    "a token that looks like what is left out": (
        "writes",
        Live(hidden_size=3, seq_len=6),
        0,
        {"units": (0, 1)},
        ("…",) * 6,
    ),
    "a bar of a gradient that is rounding alone": (
        "bias-gradients",
        Live(input_size=2, proj_size=1, bias=False, batch_size=None, has_state=True, factor=30.0),
    ),
    "a frame that is as high as an h of eight, around an h of one": (
        "cell",
        Live(input_size=1, hidden_size=8, proj_size=1, bias=False, batch_size=None),
    ),
    "numbers of many digits in a column of few": (
        "cell-output",
        Live(cell=True, input_size=2, hidden_size=1, bias=False, batch_size=None, factor=1e15),
        0,
        {},
        ("",),
    ),
    "eight inputs that have exponents": (
        "cell",
        Live(
            input_size=1,
            hidden_size=4,
            num_layers=2,
            bidirectional=True,
            bias=False,
            batch_size=None,
            factor=1e-7,
        ),
        2,
        {},
        ("",),
    ),
    "a name that is wider than its one column": (
        "writes",
        Live(cell=True, input_size=1, hidden_size=16, batch_size=None, seed=113),
        0,
        {},
        ("00",),
    ),
    "a sample that is not drawn, of which the gradient differs": (
        "chunks",
        Live(cell=True, input_size=1, hidden_size=1, bias=False, batch_size=2, factor=1e15),
        0,
        {},
        (),
    ),
    "curves that end where a norm is zero": (
        "gradient-distance",
        Live(input_size=1, hidden_size=1, num_layers=2, bias=False, batch_size=None, factor=30.0),
    ),
}
"""Figures, and the modules for which they had a fault."""

REQUESTS = {
    "the name of a short colour scale below its numbers": Request("batch", Source(300, 2)),
    "a move that has no arrow where steps are narrow": Request(
        "reading", Source(2, 2, seq_len=60, num_layers=2)
    ),
    "a map with one column of h": Request(
        "keep-write-show", Source(16, 2, proj_size=1), options=(("units", (0,)),)
    ),
    "units whose c is zero": Request(
        "units", Source(network="brackets", text="a", set=("x[0,0,0]=1000000000000000",))
    ),
    "a gradient that autograd rounds otherwise": Request(
        "bias-gradients", Source(network="brackets", text="a)")
    ),
    "a line of one word that is followed by a short one": Request(
        "layers", Source(seq_len=4, batch_size=3), width=551
    ),
    "steps that are left out where the last is step 1": Request(
        "direct-path", Source(1, 1, seq_len=6, bidirectional=True, reverse=True)
    ),
    "an id that is like a name of a mark": Request("custom-cell", id="own-id"),
    "a long text that still fits": Request(
        "reading", Source(network="brackets", text='f("(a)", (b))' * 10)
    ),
    "a curve with a steep dip": Request("gradient-distance", Source(1, 9)),
    "eight inputs, one of which has more digits": Request(
        "cell", Source(8, 8, seed=0, seq_len=1, batch_size=2), width=360, options=(("step", 1),)
    ),
    "the range of a gate in each of two bands": Request(
        "reading", Source(network="brackets", set=("lstm.bias_ih_l0[4]=0",))
    ),
    "a largest write above which the line of a weight passes": Request(
        "reading", Source(seq_len=12, network="brackets", set=("lstm.weight_hh_l0[1,1]=0",))
    ),
    "units in the order of their asking": Request(
        "reading", Source(seq_len=1, network="brackets"), options=(("units", (1, 0)),)
    ),
    "two arrows at the first of narrow steps": Request(
        "reading", Source(seq_len=100, network="brackets"), options=(("only", "c"),)
    ),
    "gates that torch rounds to zero": Request(
        "keep-write-show", Source(network="brackets", text="a", set=("x[0,0,0]=-40",))
    ),
    "one unit in two directions": Request("shapes", Source(1, 1, bidirectional=True)),
    "two numbers that an exponent makes shorter": Request(
        "perceptron", Source(1, 4, num_layers=2, layer=0)
    ),
    "two gates that hardly move, one of which does not": Request(
        "reading", Source(2, 1, seq_len=9, layer=2, num_layers=3)
    ),
    "a message about a cell beside a projected module": Request(
        "error", Source(1, 9, proj_size=1), options=(("message", "cell-sequence"),)
    ),
    "what is cancelled in the row that is written out": Request(
        "writes", Source(1, 1, seq_len=13, no_bias=True), options=(("step", 10),)
    ),
    "a long row of cells before a short one": Request(
        "packed", options=(("lengths", (1, 1, 1, 1, 1, 1, 1, 4)),)
    ),
    "ticks of large states": Request(
        "keep-write-show",
        Source(set=("c_0[0,0,0]=-1906", "c_0[0,0,1]=2018")),
        options=(("step", 1),),
    ),
    "a text of which no answer is yes": Request("reading", Source(network="brackets", text="(")),
    "a lead that names the module as well": Request(
        "dispatch", Source(1, 9), options=(("call", "packed"),)
    ),
    "zeros beside numbers with exponents": Request(
        "four-weights",
        Source(
            1, 1, no_bias=True, set=("lstm.weight_ih_l0[0,0]=-4e-6", "lstm.weight_ih_l0[2,0]=0")
        ),
    ),
}


@pytest.mark.parametrize("case", LIVE)
def test_a_figure_of_a_module_in_memory_has_no_faults(case):
    check_live(*LIVE[case])


@pytest.mark.parametrize("case", REQUESTS)
def test_a_figure_of_a_command_has_no_faults(case):
    check_request(REQUESTS[case])


@pytest.mark.parametrize(
    ("name", "case", "message"),
    [
        ("wrong-way", HUGE, "h-n-view changes no number"),
        ("gradient-distance", Live(input_size=2, hidden_size=1, bias=False), "are rounding alone"),
    ],
)
def test_an_unsupported_request_raises_an_error(name, case, message):
    trace = lstm_figs.trace(*case.make().values())
    with pytest.raises(BeyondLimit, match=message):
        lstm_figs.draw(name, trace)
