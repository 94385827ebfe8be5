"""What `errors` quotes."""

from collections.abc import Callable

import torch
from torch.nn.functional import cross_entropy
from torch.nn.utils.rnn import pack_padded_sequence

from tests.site.facts.common import drawn, module
from tests.site.facts.packed import comes_back_in_order
from tests.site.quoting import Said, asked, figure


def message() -> str:
    """What a cell says of an input of another type."""
    try:
        torch.nn.LSTMCell(3, 2)(torch.zeros(1, 3).double())
    except RuntimeError as error:
        return str(error)
    return ""


def says(message: str, call: Callable[[], object]) -> Said:
    """A message of the table, and whether a call is refused with it."""

    def is_said() -> bool:
        try:
            call()
        except Exception as error:  # of any kind that PyTorch raises
            return message in str(error)
        return False

    return f"`{message}`", is_said


def write_to_a_bias() -> None:
    module(3, 2).bias_ih_l0[2:4].fill_(1)


def replace_a_bias() -> None:
    module(3, 2).bias_ih_l0 = torch.zeros(8)


def has_the_ranks_of_one_step() -> bool:
    lstm, x = module(3, 2), drawn(4, 5, 3)
    h_n = lstm(x)[1][0]
    return torch.cat([x[0], h_n[-1]], dim=1).shape == (5, 5)


OTHERS: tuple[Said, ...] = (
    says(
        "Expected input batch_size (20) to match target batch_size (5)",
        lambda: cross_entropy(drawn(20, 6), torch.arange(5)),
    ),
    says(
        "The size of tensor a (5) must match the size of tensor b (3) at "
        "non-singleton dimension 1",
        lambda: drawn(4, 5) - drawn(4, 3),
    ),
    says(
        "too many indices for tensor of dimension 2",
        lambda: drawn(5, 2)[:, -1, :],
    ),
    says(
        "Dimension out of range (expected to be in range of [-2, 1], but got "
        "2)",
        lambda: drawn(5, 2).chunk(2, dim=2),
    ),
    says(
        "Tensors must have same number of dimensions: got 2 and 3",
        lambda: torch.cat([drawn(5, 3), drawn(1, 5, 2)], dim=1),
    ),
    says(
        "'numpy.ndarray' object has no attribute 'dim'",
        lambda: module(3, 2)(drawn(4, 5, 3).numpy()),
    ),
    says(
        "'list' object has no attribute 'dim'",
        lambda: module(3, 2)(drawn(4, 5, 3).tolist()),
    ),
    says(
        "expected sequence of length 4 at dim 1 (got 2)",
        lambda: torch.tensor([[1, 2, 3, 4], [1, 2]]),
    ),
    says(
        "only one element tensors can be converted to Python scalars",
        lambda: torch.tensor([drawn(3), drawn(3)]),
    ),
    says(
        "too many values to unpack (expected 2)",
        lambda: [first for first, _ in [drawn(4, 5, 3)]],
    ),
    says(
        "not enough values to unpack (expected 5, got 4)",
        lambda: [e for _, _, _, _, e in [drawn(2, 3, 8, 8).shape]],
    ),
    says(
        "takes from 2 to 3 positional arguments but 4 were given",
        lambda: module(3, 2)(drawn(4, 5, 3), *drawn(2, 1, 5, 2)),
    ),
    says(
        "got an unexpected keyword argument",
        lambda: module(3, 2)(drawn(4, 5, 3), hidden=None),
    ),
    says(
        "'NoneType' object has no attribute 'dim'",
        lambda: module(3, 2)(drawn(4, 5, 3), (None, None)),
    ),
    says(
        "a view of a leaf Variable that requires grad is being used in an "
        "in-place operation",
        write_to_a_bias,
    ),
    says(
        "cannot assign 'torch.FloatTensor' as parameter",
        replace_a_bias,
    ),
    says(
        "running_mean should contain 5 elements not 2",
        lambda: torch.nn.BatchNorm1d(2)(drawn(4, 5, 2)),
    ),
    says(
        "expected input[4, 5, 3] to have 3 channels, but got 5 channels "
        "instead",
        lambda: torch.nn.Conv1d(3, 2, 1)(drawn(4, 5, 3)),
    ),
    says(
        "start (9) + length (1) exceeds dimension size (9)",
        lambda: module(3, 2)(
            pack_padded_sequence(drawn(4, 3, 3), torch.tensor([9, 3, 2]))
        ),
    ),
    says(
        "invalid index of a 0-dim tensor",
        lambda: drawn(1).sum()[0],
    ),
)


def misses_an_axis() -> bool:
    try:
        module(1, 2)(torch.arange(9.0))
    except ValueError as error:
        return "got 1D instead" in str(error)
    return False


def broadcast() -> bool:
    said, wanted = torch.zeros(4, 1), torch.zeros(4)
    return (said - wanted).shape == (4, 4)


def switched_off() -> bool:
    with torch.backends.cudnn.flags(enabled=False):
        inside = torch.backends.cudnn.enabled
    return torch.backends.cudnn.enabled and not inside


def onednn_is_switched_off() -> bool:
    """Whether oneDNN is not asked within a block, and is after it."""
    lstm, x = module(3, 2), drawn(4, 1, 3)
    with torch.backends.mkldnn.flags(enabled=False):
        inside = lstm(x)[0].grad_fn.name()
    outside = lstm(x)[0].grad_fn.name()
    return "Mkldnn" in outside and "Mkldnn" not in inside


def is_refused_as_nonfinite() -> bool:
    number = torch.nn.Parameter(torch.zeros(1))
    number.grad = torch.full((1,), torch.inf)
    try:
        torch.nn.utils.clip_grad_norm_([number], 1.0, error_if_nonfinite=True)
    except RuntimeError:
        torch.nn.utils.clip_grad_norm_([number], 1.0)
        return bool(number.grad.isnan())
    return False


def is_packed_with_the_batch_first() -> bool:
    x, lengths = drawn(2, 5, 3), [5, 3]
    packed = pack_padded_sequence(x, lengths, batch_first=True)
    return packed.batch_sizes[0] == 2


def stays_as_it_was() -> bool:
    """Whether what a file lacks is left alone without a message."""
    both, before = (module(3, 2, bidirectional=True) for _ in range(2))
    both.load_state_dict(torch.nn.LSTM(3, 2).state_dict(), strict=False)
    return torch.equal(
        both.weight_ih_l0_reverse, before.weight_ih_l0_reverse
    ) and not torch.equal(both.weight_ih_l0, before.weight_ih_l0)


def names_of(**options) -> set[str]:
    """The names that an option adds to a module."""
    plain = torch.nn.LSTM(3, 2, bias=options.pop("without", True))
    return {*torch.nn.LSTM(3, 2, **options).state_dict()} - {
        *plain.state_dict()
    }


def is_of_one_length(*lengths: int) -> bool:
    """Whether sequences of these lengths are put into a batch as they are."""
    try:
        torch.stack([drawn(length, 3) for length in lengths])
    except RuntimeError:
        return False
    return True


def moves_buffers_alone() -> bool:
    module = torch.nn.Module()
    module.h0 = torch.zeros(1)
    module.register_buffer("kept", torch.zeros(1))
    module.to("meta")
    return (module.h0.device.type, module.kept.device.type) == ("cpu", "meta")


FACTS = (
    *asked(
        *OTHERS,
        (
            "One step and `h_n`, which has an axis for layers, in one `cat` | "
            "`h_n[-1]`",
            has_the_ranks_of_one_step,
        ),
        (
            "**Got**: Sequences of four steps and of two. - **Expected**: One "
            "length.",
            lambda: is_of_one_length(4, 4) and not is_of_one_length(4, 2),
        ),
        (
            "A state that a module keeps as a plain attribute, as `self.h0`, "
            "is not moved with the module; `register_buffer` would move it.",
            moves_buffers_alone,
        ),
        (
            "*got 1D instead* says the opposite: an axis is missing.",
            misses_an_axis,
        ),
        (
            "`strict=False` only silences the message: what was missing stays "
            "random.",
            stays_as_it_was,
        ),
        (
            "| With `_reverse` | `bidirectional` | | With `_l1` and so on | "
            "`num_layers` | | `bias_ih_l0`, `bias_hh_l0` | `bias` | | "
            "`weight_hr_l0` | `proj_size` |",
            lambda: all(
                name.endswith("_reverse")
                for name in names_of(bidirectional=True)
            ),
            lambda: all(
                name.endswith("_l1") for name in names_of(num_layers=2)
            ),
            lambda: names_of(without=False) == {"bias_ih_l0", "bias_hh_l0"},
            lambda: names_of(proj_size=1) == {"weight_hr_l0"},
        ),
        (
            "**Fix**: Update; until then call it within "
            "`torch.backends.mkldnn.flags(enabled=False)`, or run this module "
            "on the CPU.",
            onednn_is_switched_off,
        ),
        *(
            (words, switched_off)
            for words in (
                "or `torch.backends.cudnn.flags(enabled=False)` to see whether "
                "cuDNN is the cause",
                "`lstm.train()` with `lstm.dropout = 0`, or "
                "`torch.backends.cudnn.flags(enabled=False)`",
                "Switch cuDNN off while the *forward* pass runs; `backward` may"
                " come after it.",
            )
        ),
        (
            "`batch_first=True` does not change the order of the axes of a "
            "state.",
            lambda: (
                module(3, 2, batch_first=True)(drawn(5, 6, 3))[1][0].shape
                == (1, 5, 2)
            ),
        ),
        (
            "**Fix**: `enforce_sorted=False`; results come back in your order.",
            comes_back_in_order,
        ),
        (
            "**Fix**: Pass `batch_first=True` to `pack_padded_sequence` too if "
            "the batch is the first axis.",
            is_packed_with_the_batch_first,
        ),
        (
            "A gradient that is NaN or infinite, in `clip_grad_norm_` with "
            "`error_if_nonfinite=True`. - **Expected**: Finite gradients. "
            "Without that argument nothing is raised, and the weights become "
            "NaN.",
            is_refused_as_nonfinite,
        ),
        (
            "`mat1 and mat2 must have the same dtype, but got Double and "
            "Float`: data come from NumPy",
            lambda: "got Double and Float" in message(),
        ),
        (
            "`Double` is `float64`, `Float` is `float32`, `Half` is `float16`, "
            "`BFloat16` is `bfloat16`, `Long` is `int64`, `Int` is `int32`",
            lambda: (
                torch.DoubleTensor().dtype == torch.float64
                and torch.FloatTensor().dtype == torch.float32
                and torch.HalfTensor().dtype == torch.float16
                and torch.BFloat16Tensor().dtype == torch.bfloat16
                and torch.LongTensor().dtype == torch.int64
                and torch.IntTensor().dtype == torch.int32
            ),
        ),
        (
            "The first is what came in, the second what the weights are.",
            lambda: "got Double and Float" in message(),
        ),
        (
            "Predictions of shape `(N, 1)`, as a readout with one output gives "
            "them, and targets of shape `(N,)`, in `mse_loss`, `l1_loss` or "
            "`smooth_l1_loss`. The two are broadcast to `(N, N)`.",
            broadcast,
        ),
        (
            "`mse_loss(prediction[:, 0], target)`, or `target[:, None]`",
            lambda: torch.zeros(4, 1)[:, 0].shape == torch.zeros(4).shape,
            lambda: torch.zeros(4)[:, None].shape == torch.zeros(4, 1).shape,
        ),
    ),
    *figure(
        (
            "A state for {:word} sequences, with an input of {:word}.",
            "h_0_wrong.shape[1]",
            "x.shape[1]",
        ),
        ("An input of {:word} axes, which", "x_wrong.dim()"),
        (
            "The axes are layers and directions, batch, `hidden_size`, and the "
            "batch is that of the input.",
            "lstm(x)[1][0].shape == (1, x.shape[1], lstm.hidden_size)",
        ),
        (
            "`hidden[0]` is `h`, and `hidden[1]` is `c`. - **Got**: A `c` "
            "whose length is not the number of units.",
            "'hidden[1]' in message",
            "c_0_wrong.shape[-1] != lstm.hidden_size",
        ),
        (
            "A state as for `nn.LSTMCell`, with the axes batch and "
            "`hidden_size`. - **Expected**: Another axis before them, for "
            "layers and directions. - **Fix**: `h.unsqueeze(0)` and "
            "`c.unsqueeze(0)`.",
            "lstm(x, (h_0_wrong.unsqueeze(0), c_0_wrong.unsqueeze(0)))",
        ),
        (
            "**Expected**: A batch in both, or in neither.",
            "lstm(x_wrong, (h_0_wrong[:, 0], c_0_wrong[:, 0]))",
            "lstm(x, (h_0_wrong, c_0_wrong))",
        ),
        (
            "**Fix**: `x.unsqueeze(1)`, or `x.unsqueeze(0)` with "
            "`batch_first=True`",
            "lstm(x_wrong.unsqueeze(1), (h_0_wrong, c_0_wrong))",
            "torch.nn.LSTM(3, 2, batch_first=True)"
            "(x_wrong.unsqueeze(0), (h_0_wrong, c_0_wrong))",
        ),
        (
            "`h[0]` as `h`, and `h[1]`, which is not there, as `c`. - "
            "**Expected**: `(h, c)`. With a second layer `h[1]` exists",
            "len(h) == 1",
            "len(torch.nn.LSTM(3, 2, 2)(x)[1][0]) == 2",
        ),
        (
            "**Got**: A state of an `nn.LSTMCell` for another batch. - "
            "**Expected**: As many rows as the input has. - **Fix**: "
            "`x.new_zeros(len(x), cell.hidden_size)`",
            "len(h_wrong) != len(x[0])",
            "cell(x[0], [x[0].new_zeros(len(x[0]), cell.hidden_size)] * 2)",
        ),
        (
            "**Fix**: `.contiguous()` after `expand`.",
            "h_right.is_contiguous() and not h_0_wrong.is_contiguous()",
        ),
        (
            "**Got**: A sequence without steps. - **Expected**: One step at "
            "least.",
            "len(x_wrong) == 0",
        ),
        (
            "**Got**: A whole sequence. - **Expected**: One step.",
            "cell(x[0])",
        ),
        (
            "**Got**: A longer sequence after a shorter one. - **Expected**: "
            "The longest first",
            "lengths[0] < lengths[1]",
            "right[0] > right[1]",
        ),
        (
            "**Got**: More or fewer lengths than sequences.",
            "len(lengths) != x.shape[1]",
        ),
        (
            "**Got**: Lengths on another device. - **Expected**: Lengths on "
            "the CPU, wherever the input is.",
            "lengths.device != padded.device == right.device",
        ),
        (
            "**Got**: A projection that does not make `h` shorter. - "
            "**Expected**: A `proj_size` below `hidden_size`.",
            "torch.nn.LSTM(3, 2, proj_size=1)",
        ),
        (
            "**Got**: An input in `float64`, as NumPy makes it, or in integers."
            " - **Expected**: The type of the weights. - **Fix**: `x.float()`.",
            "x_wrong.dtype == torch.float64",
            "x_wrong.float().dtype == lstm.weight_ih_l0.dtype",
        ),
        (
            "Everything that an LSTM returns, `(output, (h_n, c_n))`",
            "torch.equal(lstm(x)[1][0], h_n)",
        ),
        (
            "**Got**: Logits for every step, `(batch, steps, classes)`",
            "logits.shape[:2] == targets.shape",
        ),
        (
            "**Expected**: `(batch, classes, steps)`, or one axis for all "
            "steps.",
            "torch.nn.functional.cross_entropy(right, targets)",
        ),
        (
            "`4*hidden_size` rows and `input_size` columns",
            "built.weight_ih_l0.shape == (4 * 2, 3)",
        ),
        (
            "`retain_graph=True`, which the message suggests",
            "'retain_graph=True' in message",
        ),
        (
            "`retain_graph=True` does not help",
            "'inplace operation' in message",
        ),
        (
            "**Got**: A second `backward` through steps whose graph the first "
            "one has freed.",
            "'second time' in message",
        ),
        (
            "a shape and {:word} versions, which count",
            "message.count('version ')",
        ),
        (
            "In training with a state, the shape is that of a weight, perhaps "
            "transposed.",
            "str([*weight.shape]) in message",
        ),
        ("the stride of the batch is {}", "h_0_wrong.stride(1)"),
        ("{:Word} features at each step", "x_wrong.shape[-1]"),
        (
            "{:Word}, because `weight_ih` has {:word} columns",
            "lstm.input_size",
            "lstm.weight_ih_l0.shape[1]",
        ),
        (
            "Merge the last {:word} axes with `x.flatten(2)`, or drop one of "
            "length {}",
            "x_wrong.dim() - 2",
            "x_wrong.shape[-1]",
        ),
        (
            "{:Word} features. - **Expected**: {:Word}, one for each column of "
            "`weight_ih`. - **Fix**: Look at the last axis of the step.",
            "x_wrong.shape[-1]",
            "cell.weight_ih.shape[1]",
        ),
        ("A sequence of length {}.", "lengths.min()"),
        ("A smaller one, or {} for none", "lstm.proj_size"),
        ("{:Word} layers or more", "two.num_layers"),
        (
            "The loss takes axis {} for the classes",
            "right.shape.index(logits.shape[-1])",
        ),
    ),
)
