"""Properties of every figure, drawn from everything it can be drawn from."""

import functools

from hypothesis import strategies as st

from lstm_figs.errors import LstmFigsError
from tests import test_command, test_digits, test_proof
from tests.binding import inspection
from tests.cli import test_embed
from tests.figures import test_large, test_long_vectors, test_many_units
from tests.fuzz.properties import Property
from tests.fuzz.strategies import (
    drawn_modules,
    larger_sizes,
    longer_lengths,
    requests,
    seeds,
    simple_requests,
)

unit_counts = st.integers(1, 40) | st.sampled_from((64, 100, 129, 255, 256, 300))
form_widths = st.sampled_from((720, 360))
floats = {
    "values": st.lists(
        st.floats(width=32, allow_nan=False, allow_infinity=False), min_size=1, max_size=20
    )
}


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
    Property(if_drawn(test_proof.check_contract), {"wide": simple_requests()}, share=8),
    Property(test_command.check_command, {"request": simple_requests(width=True)}, share=4),
    Property(
        if_drawn(test_embed.test_an_embed_of_any_request_is_valid),
        {"figure_request": simple_requests(width=True)},
    ),
    Property(
        test_long_vectors.test_every_number_of_a_trained_module_is_proven,
        {
            "name": st.sampled_from(test_long_vectors.FIGURES),
            **dict.fromkeys(("input_size", "hidden_size"), unit_counts),
            "seq_len": st.integers(1, 2),
            "batch_size": st.integers(1, 3),
            "outlier": st.sampled_from((4.0, 40.0)),
            "width": form_widths,
            "seed": seeds,
        },
    ),
    Property(
        test_many_units.test_every_number_of_a_trained_module_is_proven,
        {
            "name": st.sampled_from(test_many_units.FIGURES),
            **dict.fromkeys(("input_size", "hidden_size"), unit_counts),
            # Sums of more than 10 make a long run chaotic: see `capture`.
            "seq_len": st.integers(1, 3),
            "batch_size": st.sampled_from((1, 2, 9)),
            "width": form_widths,
            "seed": seeds,
        },
    ),
    Property(
        test_large.test_every_number_of_a_large_figure_is_proven,
        {
            "name": st.sampled_from(test_large.NAMES),
            "i": st.integers(9, 300),
            "h": unit_counts,
            "bias": st.booleans(),
            "width": form_widths,
        },
    ),
    *(
        Property(test, floats, share=0.2)
        for test in (
            test_digits.test_a_printed_number_is_its_value_rounded,
            test_digits.test_a_number_other_than_zero_never_prints_as_zero,
            test_digits.test_a_number_has_the_sign_that_it_prints,
            test_digits.test_five_characters_are_enough_for_usual_numbers,
            test_digits.test_what_is_printed_is_a_number_and_nothing_else,
        )
    ),
]
