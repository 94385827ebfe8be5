"""Properties of computations: runs, derivatives, forms, shapes, ports."""

from hypothesis import strategies as st

from lstm_figs.porting import TARGETS
from tests import test_capture, test_forms, test_gradients, test_lstm
from tests import test_through_time as through
from tests.cli import test_shapes
from tests.fuzz.properties import Property
from tests.fuzz.strategies import live_modules, runs
from tests.porting import test_porting

any_run = {"case": runs}
plain = live_modules().filter(lambda case: not case.cell and not case.lengths)
projected = plain.filter(
    lambda case: (
        case.proj_size > 0
        and (case.num_layers, case.bidirectional) == (1, False)
        and case.batch_size is not None
        and case.dtype == "float32"
    )
)

PROPERTIES = [
    Property(test_lstm.test_a_run_equals_torch, any_run),
    Property(test_lstm.test_a_step_equals_torch_and_so_does_each_gate, any_run),
    Property(test_lstm.test_gates_and_states_stay_in_their_ranges, any_run),
    Property(test_lstm.test_z_is_the_sum_of_its_products_and_biases, any_run),
    Property(test_gradients.test_both_jacobians_of_a_step_are_autograds, any_run),
    Property(test_gradients.test_c_by_c_prev_is_exactly_diagonal_and_equals_f, any_run),
    Property(through.test_what_reaches_each_step_is_autograds, any_run),
    Property(
        through.test_what_z_receives_is_what_both_biases_receive,
        {"case": runs.filter(lambda case: case.bias is not None)},
    ),
    Property(
        test_forms.test_a_trace_is_what_the_module_returns_whatever_its_form,
        {"case": live_modules()},
    ),
    Property(
        test_forms.test_weight_maps_together_have_every_parameter_once, {"case": live_modules()}
    ),
    Property(test_capture.test_every_step_of_every_form_equals_torch, {"case": plain}),
    Property(
        test_capture.test_a_packed_sequence_equals_torch,
        {"case": live_modules().filter(lambda case: case.lengths)},
    ),
    Property(test_shapes.test_every_shape_is_that_of_torch, {"case": plain}),
    Property(test_shapes.test_what_exists_at_once_is_what_the_profiler_sees, {"case": plain}),
    Property(test_shapes.test_the_table_says_the_same_as_the_json, {"case": plain}),
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
