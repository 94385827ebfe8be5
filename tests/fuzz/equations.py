"""Equations that hold for random modules."""

from hypothesis import strategies as st

from lstm_figs.porting import TARGETS
from tests import test_capture, test_gradients, test_lstm, test_through_time
from tests.cli import test_shapes
from tests.fuzz.properties import Property
from tests.fuzz.strategies import batch_sizes, live_modules, runs, seeds, seq_lens, sizes
from tests.live_modules import Live
from tests.porting import test_porting

plain = live_modules().filter(lambda case: not case.cell and not case.lengths)
projected = st.builds(
    Live,
    input_size=sizes,
    hidden_size=st.integers(6, 8),  # More than `proj_size`, as it has to be.
    proj_size=st.integers(1, 5),
    bias=st.booleans(),
    seq_len=seq_lens,
    batch_size=batch_sizes,
    has_state=st.just(True),
    seed=seeds,
)

PROPERTIES = [
    *(
        Property(test, {"case": cases})
        for test, cases in (
            (test_lstm.test_a_step_equals_torch_and_so_does_each_gate, runs),
            (test_gradients.test_both_jacobians_of_a_step_are_autograds, runs),
            (test_through_time.test_what_reaches_each_step_is_autograds, runs),
            (
                test_capture.test_each_packed_sequence_is_traced_as_if_it_were_alone,
                live_modules().filter(lambda case: case.lengths),
            ),
            (test_shapes.test_every_shape_is_that_of_torch, plain),
            (test_shapes.test_what_exists_at_once_is_what_the_profiler_sees, plain),
            (test_shapes.test_the_table_says_the_same_as_the_json, plain),
        )
    ),
    Property(
        test_capture.test_a_trace_is_what_the_module_returns_whatever_its_form,
        {"case": live_modules(), "has_state": st.booleans()},
    ),
    Property(
        test_through_time.test_what_reaches_each_step_through_a_projection_is_autograds,
        {"case": projected, "factor": st.sampled_from((1, 4, 20))},
    ),
    Property(
        test_porting.test_there_and_back_the_module_computes_the_same,
        {
            "name": st.sampled_from(sorted(TARGETS)),
            "sizes": st.tuples(
                *(st.integers(1, 4), st.integers(1, 4), st.integers(1, 3)),
                *(st.booleans(), st.booleans()),
            ),
        },
    ),
]
