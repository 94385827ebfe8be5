"""Every figure of everything that it can be drawn of."""

from hypothesis import strategies as st

from lstm_figs.errors import LstmFigsError
from tests import test_command, test_digits, test_proof
from tests.binding import whole
from tests.cli import test_embed
from tests.figures import test_large, test_long_vectors, test_many_units
from tests.fuzz.properties import Property
from tests.fuzz.strategies import drawn_lives, larger, longer, requests, seeds, simple_requests

many = st.integers(1, 40) | st.sampled_from((64, 100, 129, 255, 256, 300))
either = st.sampled_from((720, 360))
floats = {
    "values": st.lists(
        st.floats(width=32, allow_nan=False, allow_infinity=False), min_size=1, max_size=20
    )
}


def check_contract(wide):
    """Draw what a command line asks for in both forms, if it can be drawn."""
    try:
        wide.draw()
    except LstmFigsError as error:
        whole.check_refusal(error)
        return
    test_proof.check_contract(wide)


def check_embed(request_):
    """Embed what a command line asks for, if it can be drawn."""
    try:
        request_.draw()
    except LstmFigsError as error:
        whole.check_refusal(error)
        return
    test_embed.test_an_embed_of_any_request_is_valid(request_)


PROPERTIES = [
    Property(whole.check_request, {"request": requests(size=larger, length=longer)}, share=12),
    Property(whole.check_live, drawn_lives(extreme=True), share=8),
    Property(whole.check_live, drawn_lives(size=larger, length=longer), share=6),
    Property(check_contract, {"wide": simple_requests()}, share=8),
    Property(test_command.check_command, {"request": simple_requests(width=True)}, share=4),
    Property(check_embed, {"request_": simple_requests(width=True)}),
    Property(
        test_long_vectors.test_every_number_of_a_trained_module_is_proven,
        {
            "name": st.sampled_from(test_long_vectors.FIGURES),
            **dict.fromkeys(("input_size", "hidden_size"), many),
            "seq_len": st.integers(1, 2),
            "batch_size": st.integers(1, 3),
            "outlier": st.sampled_from((4.0, 40.0)),
            "width": either,
            "seed": seeds,
        },
    ),
    Property(
        test_many_units.test_every_number_of_a_trained_module_is_proven,
        {
            "name": st.sampled_from(test_many_units.FIGURES),
            **dict.fromkeys(("input_size", "hidden_size"), many),
            # Sums of more than 10 make a long run chaotic: see `capture`.
            "seq_len": st.integers(1, 3),
            "batch_size": st.sampled_from((1, 2, 9)),
            "width": either,
            "seed": seeds,
        },
    ),
    Property(
        test_large.test_every_number_of_a_large_figure_is_proven,
        {
            "name": st.sampled_from(test_large.NAMES),
            "i": st.integers(9, 300),
            "h": many,
            "bias": st.booleans(),
            "width": either,
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
