"""Properties of figures of random modules."""

import functools

import numpy as np
from hypothesis import strategies as st

from lstm_figs.errors import LstmFigsError
from tests import test_command, test_digits, test_proof
from tests.binding import inspection
from tests.cli import test_embed
from tests.figures import test_large
from tests.fuzz.properties import Property
from tests.fuzz.strategies import (
    drawn_modules,
    larger_sizes,
    longer_lengths,
    requests,
    simple_requests,
)

counts = st.integers(1, 40) | st.sampled_from((64, 100, 129, 255, 256, 300))
floats = st.floats(width=32, allow_nan=False, allow_infinity=False).map(np.float32)


def if_drawn(check):
    """A check of a request, if its figure can be drawn."""

    @functools.wraps(check)
    def check_drawn(**case):
        (request,) = case.values()
        try:
            request.draw()
        except LstmFigsError as error:
            inspection.check_refusal(error)
        else:
            check(request)

    return check_drawn


PROPERTIES = [
    Property(
        inspection.check_request,
        {"request": requests(size=larger_sizes, length=longer_lengths)},
        share=12,
    ),
    Property(inspection.check_live, drawn_modules(extreme=True), share=8),
    Property(
        inspection.check_live, drawn_modules(size=larger_sizes, length=longer_lengths), share=6
    ),
    Property(if_drawn(test_proof.check_contract), {"request": simple_requests()}, share=8),
    Property(test_command.check_command, {"request": simple_requests(width=True)}, share=4),
    Property(
        if_drawn(test_embed.test_an_embed_of_any_request_is_valid),
        {"figure_request": simple_requests(width=True)},
    ),
    Property(
        test_large.test_a_large_figure_is_proven_and_fits,
        {"name": st.sampled_from(test_large.NAMES), "size": st.tuples(counts, counts)},
    ),
    Property(test_digits.check_rounding, {"value": floats}),
]
