"""What `errors` quotes."""

import os
import platform
import re
import warnings
from collections.abc import Callable
from typing import Any

import torch
from torch.nn.functional import cross_entropy, l1_loss, mse_loss, smooth_l1_loss
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_sequence

from lstm_figs.command.request import parse_header
from tests.doc_scripts import blocks
from tests.processor import has_bfloat16, has_onednn
from tests.site.facts.common import OLDER, module, randn
from tests.site.facts.packed import comes_back_in_order
from tests.site.facts_of_pages import Statement, figure, of_torch, page


def message() -> str:
    """What a cell says of an input of another type."""
    try:
        torch.nn.LSTMCell(3, 2)(torch.zeros(1, 3).double())
    except RuntimeError as error:
        return str(error)
    return ""


def says(message: str, call: Callable[[], object]) -> Statement:
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
    lstm, x = module(3, 2), randn(4, 5, 3)
    h_n = lstm(x)[1][0]
    return torch.cat([x[0], h_n[-1]], dim=1).shape == (5, 5)


OTHERS: tuple[Statement, ...] = (
    says(
        "Expected input batch_size (20) to match target batch_size (5)",
        lambda: cross_entropy(randn(20, 6), torch.arange(5)),
    ),
    says(
        "Expected input batch_size (10) to match target batch_size (5)",
        lambda: cross_entropy(
            module(3, 6, bidirectional=True)(randn(4, 5, 3))[1][0].flatten(0, 1), torch.arange(5)
        ),
    ),
    says(
        "Expected input batch_size (15) to match target batch_size (20)",
        lambda: cross_entropy(
            module(3, 6)(randn(4, 5, 3)[:-1])[0].flatten(0, 1),
            torch.zeros(4, 5, dtype=torch.long).flatten(),
        ),
    ),
    says(
        "The size of tensor a (5) must match the size of tensor b (3) at non-singleton dimension 1",
        lambda: randn(4, 5) - randn(4, 3),
    ),
    says("too many indices for tensor of dimension 2", lambda: randn(5, 2)[:, -1, :]),
    says(
        "Dimension out of range (expected to be in range of [-2, 1], but got 2)",
        lambda: randn(5, 2).chunk(2, dim=2),
    ),
    says(
        "Tensors must have same number of dimensions: got 2 and 3",
        lambda: torch.cat([randn(5, 3), randn(1, 5, 2)], dim=1),
    ),
    says(
        "'numpy.ndarray' object has no attribute 'dim'",
        lambda: module(3, 2)(randn(4, 5, 3).numpy()),
    ),
    says("'list' object has no attribute 'dim'", lambda: module(3, 2)(randn(4, 5, 3).tolist())),
    says(
        "expected sequence of length 4 at dim 1 (got 2)",
        lambda: torch.tensor([[1, 2, 3, 4], [1, 2]]),
    ),
    says(
        "only one element tensors can be converted to Python scalars",
        lambda: torch.tensor([randn(3), randn(3)]),
    ),
    says(
        "too many values to unpack (expected 2)", lambda: [first for first, _ in [randn(4, 5, 3)]]
    ),
    says(
        "not enough values to unpack (expected 5, got 4)",
        lambda: [e for _, _, _, _, e in [randn(2, 3, 8, 8).shape]],
    ),
    says(
        "takes from 2 to 3 positional arguments but 4 were given",
        lambda: module(3, 2)(randn(4, 5, 3), *randn(2, 1, 5, 2)),
    ),
    says("got an unexpected keyword argument", lambda: module(3, 2)(randn(4, 5, 3), hidden=None)),
    says(
        "'NoneType' object has no attribute 'dim'",
        lambda: module(3, 2)(randn(4, 5, 3), (None, None)),
    ),
    says(
        "a view of a leaf Variable that requires grad is being used in an in-place operation",
        write_to_a_bias,
    ),
    says("cannot assign 'torch.FloatTensor' as parameter", replace_a_bias),
    says(
        "running_mean should contain 5 elements not 2",
        lambda: torch.nn.BatchNorm1d(2)(randn(4, 5, 2)),
    ),
    says(
        "expected input[4, 5, 3] to have 3 channels, but got 5 channels instead",
        lambda: torch.nn.Conv1d(3, 2, 1)(randn(4, 5, 3)),
    ),
    says(
        "start (9) + length (1) exceeds dimension size (9)",
        lambda: module(3, 2)(pack_padded_sequence(randn(4, 3, 3), torch.tensor([9, 3, 2]))),
    ),
    says("invalid index of a 0-dim tensor", lambda: randn(1).sum()[0]),
)


def misses_an_axis() -> bool:
    try:
        module(1, 2)(torch.arange(9.0))
    except ValueError as error:
        return "got 1D instead" in str(error)
    return False


def broadcast() -> bool:
    predictions, targets = torch.zeros(4, 1), torch.zeros(4)
    return (predictions - targets).shape == (4, 4)


def switched_off() -> bool:
    with torch.backends.cudnn.flags(enabled=False):
        inside = torch.backends.cudnn.enabled
    return torch.backends.cudnn.enabled and not inside


def onednn_is_switched_off() -> bool:
    """Whether oneDNN is not asked within a block, and is after it."""
    lstm, x = module(3, 2), randn(4, 1, 3)
    with torch.backends.mkldnn.flags(enabled=False):
        inside = lstm(x)[0].grad_fn.name()
    outside = lstm(x)[0].grad_fn.name()
    return ("Mkldnn" in outside) == has_onednn() and "Mkldnn" not in inside


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
    x, lengths = randn(2, 5, 3), [5, 3]
    packed = pack_padded_sequence(x, lengths, batch_first=True)
    return packed.batch_sizes[0] == 2


def stays_as_it_was() -> bool:
    """Whether what a file lacks is left alone without a message."""
    both, before = (module(3, 2, bidirectional=True) for _ in range(2))
    both.load_state_dict(torch.nn.LSTM(3, 2).state_dict(), strict=False)
    return torch.equal(both.weight_ih_l0_reverse, before.weight_ih_l0_reverse) and not torch.equal(
        both.weight_ih_l0, before.weight_ih_l0
    )


def names_of(**options) -> set[str]:
    """The names that an option adds to a module."""
    plain = torch.nn.LSTM(3, 2, bias=options.pop("without", True))
    return {*torch.nn.LSTM(3, 2, **options).state_dict()} - {*plain.state_dict()}


def is_of_one_length(*lengths: int) -> bool:
    """Whether sequences of these lengths are put into a batch as they are."""
    try:
        torch.stack([randn(length, 3) for length in lengths])
    except RuntimeError:
        return False
    return True


def moves_buffers_alone() -> bool:
    module = torch.nn.Module()
    module.h0 = torch.zeros(1)
    module.register_buffer("kept", torch.zeros(1))
    module.to("meta")
    return (module.h0.device.type, module.kept.device.type) == ("cpu", "meta")


def refusal(call: Callable[[], object]) -> str:
    """What PyTorch says when it refuses a call, nothing if it does not."""
    try:
        call()
    except Exception as error:  # of any kind that PyTorch raises
        return str(error)
    return ""


def warns(**options: float) -> bool:
    """Whether a module of one layer is made with a warning."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        module(3, 2, **options)
    return bool(caught)


def steps_with(state: torch.Tensor) -> None:
    """One step of a cell, for four sequences."""
    torch.nn.LSTMCell(3, 2)(randn(4, 3), (state, state))


def says_of_an_invalid_option() -> str:
    return refusal(lambda: module(3, 2, bidirectional=1)(randn(4, 1, 3)))


def batches_of_a_cell(step: bool, state: bool) -> str:
    """What a cell says where the step or the state has a batch or not."""
    x = randn(2, 5) if step else randn(5)
    h = randn(2, 3) if state else randn(3)
    return refusal(lambda: torch.nn.LSTMCell(5, 3)(x, (h, h)))


def marks_what_was_not_run() -> bool:
    """Whether sections whose message no CPU says have words for that."""
    text = page("errors").text
    sections = re.split(r"^#{3,4} ", text, flags=re.MULTILINE)[1:]
    is_marked = []
    for section in sections:
        if match := re.search(r"\| (error --message \S+)", section):
            drawing = parse_header(match[1]).draw()
            *_, call = drawing.metadata["preamble"].strip().splitlines()
            svg = drawing.render("svg", "light").decode()
            words = " ".join(re.findall(r">([^<>]+)<", svg))
            is_quoted = call.startswith("#") and "Only cuDNN says" in words
            is_marked.append(is_quoted == ("**Not run here**" in section))
    return all(is_marked)


def in_half_precision() -> tuple[torch.Tensor, ...]:
    """The state of an LSTM that autocast runs in bfloat16 on any processor."""
    with torch.autocast("cpu", dtype=torch.bfloat16):
        return projected()(randn(4, 1, 3))[1]


def projected() -> torch.nn.LSTM:
    return module(3, 2, proj_size=1)


def has_no_primitive(dtype: torch.dtype) -> bool:
    """Whether oneDNN lacks what autocast asks it for."""
    with torch.autocast("cpu", dtype=dtype):
        text = refusal(lambda: module(3, 2)(randn(4, 1, 3)))
    assert not text or PRIMITIVE in text
    return bool(text)


PRIMITIVE = "LSTM forward propagation primitive"


def needs_avx_512() -> bool:
    """Whether oneDNN has an LSTM in bfloat16 with AVX-512, and not without.

    Where only one of the two libraries is told to leave it out, PyTorch does
    not tell what the other one does.
    """
    is_limited = [name in os.environ for name in ("ATEN_CPU_CAPABILITY", "ONEDNN_MAX_CPU_ISA")]
    if platform.machine() not in ("x86_64", "AMD64") or is_limited[0] != is_limited[1]:
        return True
    has_it = "AVX512" in torch.backends.cpu.get_cpu_capability()
    return has_bfloat16() == (has_onednn() and has_it)


def remedies_of_autocast() -> list[tuple[torch.dtype, float]]:
    """The type of what each way around returns, and how far it is off."""
    lstm, x = module(3, 2), randn(4, 1, 3)
    expected, _ = lstm(x)
    outputs = []
    for inner in (torch.autocast("cpu", enabled=False), torch.backends.mkldnn.flags(enabled=False)):
        with torch.autocast("cpu", dtype=torch.bfloat16), inner:
            outputs.append(lstm(x.float())[0])
    outputs.append(lstm.bfloat16()(x.bfloat16())[0])
    return [(output.dtype, (output - expected).abs().max().item()) for output in outputs]


def halves(weights: torch.dtype, state: torch.dtype) -> str:
    lstm, x = module(3, 2, dtype=weights), randn(4, 1, 3).to(weights)
    return refusal(lambda: lstm(x, [randn(1, 1, 2).to(state)] * 2))


def is_said_of(words: str, *states: torch.dtype) -> bool:
    """Whether oneDNN says so of each state beside weights in float32."""
    texts = [halves(torch.float32, state) for state in states]
    return all((words if has_onednn() else "mat1 and mat2") in text for text in texts)


def without_onednn_says(words: str, state: torch.dtype) -> bool:
    with torch.backends.mkldnn.flags(enabled=False):
        return words in halves(torch.float32, state)


def elsewhere(part: str) -> str:
    """What a module says of a state or a packed input on another device."""
    lstm, x = module(3, 2), randn(4, 1, 3)
    if part == "state":
        return refusal(lambda: lstm(x, [torch.zeros(1, 1, 2).to("meta")] * 2))
    packed = pack_padded_sequence(x, torch.tensor([4]))
    return refusal(lambda: lstm(packed.to("meta")))


def returns_what_is_packed() -> bool:
    packed = pack_padded_sequence(randn(4, 1, 3), torch.tensor([3]))
    output, (h_n, _) = module(3, 2)(packed)
    return isinstance(output, PackedSequence) and isinstance(h_n, torch.Tensor)


def times_two() -> bool:
    """Whether `output` has a feature for each unit of each direction."""
    return all(
        module(3, 4, proj_size=size, bidirectional=both)(randn(5, 1, 3))[0].shape[2]
        == (size or 4) * (1 + both)
        for size in (0, 2)
        for both in (False, True)
    )


def is_flattened_into_the_features() -> bool:
    flat = torch.nn.Flatten()(module(3, 2, batch_first=True)(randn(5, 4, 3))[0])
    return "(5x8 and 2x1)" in refusal(lambda: torch.nn.Linear(2, 1)(flat))


def leaves_the_numbers() -> bool:
    """Whether turned axes share the memory, and `reshape` copies it."""
    x = randn(4, 5, 2)
    turned = x.transpose(0, 1)
    same = turned.data_ptr() == x.permute(1, 0, 2).data_ptr() == x.data_ptr()
    return same and turned.reshape(5, -1).data_ptr() != x.data_ptr()


def is_counted_from_zero() -> bool:
    """Whether an embedding and a loss refuse the number of what they have."""
    embedding, scores = torch.nn.Embedding(5, 3), randn(1, 5)
    refusals = [
        (
            "index out of range in self" in refusal(lambda ids=ids: embedding(ids)),
            "is out of bounds" in refusal(lambda ids=ids: cross_entropy(scores, ids)),
        )
        for ids in torch.tensor([[0], [4], [5], [6]])
    ]
    return refusals == [(False, False)] * 2 + [(True, True)] * 2


def are_below_zero_refused() -> bool:
    scores = randn(2, 5)
    return (
        "out of bounds" in refusal(lambda: loss(scores, [-1, 0]))
        and not refusal(lambda: loss(scores, [-100, 0]))
        and not refusal(lambda: loss(scores, [-1, 0], ignore_index=-1))
    )


def loss(scores: torch.Tensor, targets: list[int], **options: int) -> object:
    return cross_entropy(scores, torch.tensor(targets), **options)


def does_nothing_between_layers(layers: int) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        lstm = module(3, 2, num_layers=layers, dropout=0.9)
    return torch.equal(lstm(randn(4, 1, 3))[0], lstm(randn(4, 1, 3))[0])


def warns_once(times: int = 3) -> bool:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("default")
        for _ in range(times):
            mse_loss(randn(4, 1), randn(4))
    return len(caught) == 1


def runs_what_it_always_ran() -> bool:
    """Whether a projection takes the same code with oneDNN and without."""
    lstm, x = module(3, 4, proj_size=2), randn(4, 1, 3)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        output, _ = lstm(x)
    with torch.backends.mkldnn.flags(enabled=False):
        same = torch.equal(output, lstm(x)[0])
    return same and "Mkldnn" not in output.grad_fn.name()


def compiled_names() -> list[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what the compiler imports
        return [*torch.compile(module(3, 2)).state_dict()]


def refuses_another_size() -> bool:
    """Whether a file of another size is refused without `strict` as well."""
    file = module(3, 5).state_dict()
    return "size mismatch" in refusal(lambda: module(3, 2).load_state_dict(file, strict=False))


def misses_the_vocabulary_alone() -> bool:
    model, other_model = (
        torch.nn.Sequential(torch.nn.Embedding(words, 3), module(3, 2)) for words in (5, 6)
    )
    text = refusal(lambda: model.load_state_dict(other_model.state_dict()))
    return "mismatch for 0.weight" in text and "for 1." not in text


def stacks() -> bool:
    """Whether a loader says that `stack` cannot join its samples."""
    samples = [randn(4, 3), randn(2, 3)]
    return "stack expects" in refusal(lambda: next(iter(torch.utils.data.DataLoader(samples, 2))))


def is_written_in_place() -> bool:
    lstm = module(3, 2)
    before = [p.data_ptr() for p in lstm.parameters()]
    weights = lstm.weight_hh_l0.clone()
    lstm(randn(4, 1, 3))[0].sum().backward()
    torch.optim.SGD(lstm.parameters(), lr=0.1).step()
    moved = [p.data_ptr() for p in lstm.parameters()] != before
    return not moved and not torch.equal(lstm.weight_hh_l0, weights)


def learns_the_mean() -> bool:
    """Whether the best answer to all targets at once is their mean."""
    predictions, targets = torch.zeros(4, 1, requires_grad=True), randn(4)
    optimizer = torch.optim.SGD([predictions], lr=0.5)
    for _ in range(50):
        optimizer.zero_grad()
        (predictions - targets).square().mean().backward()
        optimizer.step()
    return torch.allclose(predictions, targets.mean(), atol=1e-3)


def mends_nothing_on_a_cpu() -> bool:
    """Whether pieces of memory stay as they are, and work."""
    lstm = module(3, 2)
    before = [p.data_ptr() for p in lstm.parameters()]
    lstm.flatten_parameters()
    lstm(randn(4, 1, 3))
    return [p.data_ptr() for p in lstm.parameters()] == before


def leads_back(scores: torch.Tensor) -> bool:
    return "element 0 of tensors does not require grad" not in refusal(
        lambda: scores.float().sum().backward()
    )


def lstm_output() -> torch.Tensor:
    return module(3, 2)(randn(4, 1, 3))[0]


def found_keys(module_both: bool, file_both: bool) -> Any:
    """What is missing and unexpected of a file with one direction or two."""
    loading, stored = (module(3, 2, bidirectional=both) for both in (module_both, file_both))
    return loading.load_state_dict(stored.state_dict(), strict=False)


def frozen() -> torch.Tensor:
    return module(3, 2).requires_grad_(False)(randn(4, 1, 3))[0]


def under_no_grad() -> list[torch.Tensor]:
    lstm, outputs = module(3, 2), []
    for context in (torch.no_grad, torch.inference_mode):
        with context():
            outputs.append(lstm(randn(4, 1, 3))[0])
    return outputs


def of_a_chain(keeps_graph: bool, steps: bool, cuts: bool = False) -> str:
    """What `backward` says at the second of two chunks with one state."""
    lstm, state = module(3, 2), None
    optimizer = torch.optim.SGD(lstm.parameters(), lr=0.1)

    def train() -> None:
        nonlocal state
        for chunk in randn(4, 1, 3).split(2):
            output, state = lstm(chunk, state)
            output.sum().backward(retain_graph=keeps_graph)
            if steps:
                optimizer.step()
            if cuts:
                state = tuple(part.detach() for part in state)

    return refusal(train)


def overwrites(act: Callable[[torch.Tensor], object]) -> str:
    """What `backward` says if a result that it needs is written over."""

    def run() -> None:
        result = module(3, 2)(randn(4, 1, 3))[0].sigmoid()
        act(result)
        result.sum().backward()

    return refusal(run)


def of_evaluated() -> str:
    return refusal(lambda: module(3, 2).eval()(randn(4, 1, 3))[0].sum().backward())


def has_a_second_derivative() -> bool:
    x = randn(4, 1, 3).requires_grad_()
    lstm = module(3, 2)
    (grad,) = torch.autograd.grad(lstm(x)[0].sum(), x, create_graph=True)
    grad.norm().backward()
    return bool(lstm.weight_hh_l0.grad.any())


def is_wrong_without_a_message() -> bool:
    """Whether as many steps as classes pass with the axes exchanged."""
    logits, targets = randn(3, 4, 4), torch.arange(12).view(3, 4) % 4
    right = cross_entropy(logits.transpose(1, 2), targets)
    return not torch.isclose(cross_entropy(logits, targets), right)


def broadcasts_in(loss: Callable[..., torch.Tensor]) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        losses = loss(randn(4, 1), randn(4), reduction="none")
    return losses.shape == (4, 4)


ONE_HOT = torch.tensor([[0, 1, 0], [0, 0, 1]])


PAIR = torch.zeros(1, 1, 2), torch.zeros(1, 1, 2)
"""A state."""


def packed_with(longest: int) -> object:
    """The output for two packed sequences, the longer of this length."""
    return module(3, 2)(pack_padded_sequence(randn(4, 2, 3), torch.tensor([longest, 2])))


def flat_loss(is_turned: bool) -> torch.Tensor:
    logits, targets = randn(4, 3, 6), torch.arange(12).view(4, 3) % 6
    if is_turned:
        return cross_entropy(logits.transpose(1, 2), targets)
    return cross_entropy(logits.flatten(0, 1), targets.flatten())


def says_of_dropout(layers: int) -> bool:
    """Whether a module with this number of layers warns that dropout has no effect."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        module(3, 2, num_layers=layers, dropout=0.5)
    return any("after all but last" in str(warning.message) for warning in caught)


def of_linear(weights: torch.dtype, inputs: torch.dtype) -> str:
    """What a readout says of numbers of a type."""
    return refusal(lambda: torch.nn.Linear(2, 1).to(weights)(lstm_output().to(inputs)))


def squeezed() -> torch.Tensor:
    return randn(1, 4, 2).squeeze()


def expected(x: torch.Tensor, state: torch.Tensor, **options: Any) -> str:
    """Which sizes PyTorch names of a state that does not fit."""
    text = refusal(lambda: module(3, 2, **options)(x, (state, state)))
    return text.removeprefix("Expected hidden[0] size ")


FACTS = (
    *of_torch(
        *OTHERS,
        (
            "| Which differs | What is wrong | | --- | --- | | The first | "
            "The state was made for other `num_layers`, or for one direction, "
            "such as by [an encoder of another "
            "kind](seq2seq.md#bidirectional) |",
            lambda: all(
                expected(randn(4, 2, 3), randn(1, 2, 2), **{option: value})
                == "(2, 2, 2), got [1, 2, 2]"
                for option, value in (("num_layers", 2), ("bidirectional", True))
            ),
        ),
        (
            "| The second | The batch. If the one expected is your number of "
            "steps, or 1 where you feed single steps, batch and time are "
            "exchanged in the *input*: "
            "[`batch_first`](shapes.md#what-batch_first-changes) |",
            lambda: all(
                expected(randn(7, steps, 3), randn(1, 7, 2)) == f"(1, {steps}, 2), got [1, 7, 2]"
                for steps in (4, 1)
            ),
        ),
        (
            "| The third | The state is that of an LSTM with another "
            "`hidden_size`, or no state at all: a linear layer between the "
            "two, for `h` and for `c`, makes it fit |",
            lambda: expected(randn(4, 2, 3), randn(1, 2, 5)) == "(1, 2, 2), got [1, 2, 5]",
            lambda: (
                not refusal(
                    lambda: module(3, 2)(
                        randn(4, 2, 3), (torch.nn.Linear(5, 2)(randn(1, 2, 5)),) * 2
                    )
                )
            ),
        ),
        (
            "If it has no attribute `'cuda'`, `'to'` or `'detach'`, it is the "
            "state: do that to each part,",
            lambda: (
                not any(
                    hasattr(module(3, 2)(randn(4, 3))[1], name) for name in ("cuda", "to", "detach")
                )
            ),
        ),
        (
            "| `Expected input batch_size (10) to match target batch_size "
            "(5)` | Twice as many: the ends of [both "
            "directions](directions.md#the-order-of-h_n) stand below each "
            "other, and not side by side | `torch.cat([h_n[-2], h_n[-1]], "
            "dim=1)`, and a readout of twice the features |",
            lambda: (
                (h_n := module(3, 2, bidirectional=True)(randn(4, 5, 3))[1][0]).flatten(0, 1).shape
                == (2 * 5, 2)
                and torch.cat([h_n[-2], h_n[-1]], dim=1).shape == (5, 2 * 2)
            ),
        ),
        (
            "| `Expected input batch_size (15) to match target batch_size "
            "(20)` | A step fewer of each sequence: the decoder [reads all "
            "but the last token](seq2seq.md#teacher-forcing), and has to "
            "write all but the first | Cut the targets as well, `target[1:]`, "
            "before both are flattened |",
            lambda: randn(4, 5, 3)[:-1].shape == randn(4, 5, 3)[1:].shape,
        ),
        (
            "- **Fix**: Leave it out, or give it one step of padding and ignore the result.",
            lambda: refusal(lambda: pack_padded_sequence(randn(4, 2, 3), torch.tensor([4, 0]))),
            lambda: not refusal(lambda: pack_padded_sequence(randn(4, 2, 3), torch.tensor([4, 1]))),
        ),
        (
            "- **Got**: A tensor whose axes were turned, as `output` is to "
            "bring the batch to the front. - **Expected** by `view`: Numbers "
            "that lie in the order of the axes.",
            lambda: refusal(lambda: lstm_output().expand(4, 5, 2).mT.view(-1)),
            lambda: not refusal(lambda: randn(4, 5, 2).view(-1)),
        ),
        (
            "| `too many indices for tensor of dimension 2`, `Dimension out "
            "of range (expected to be in range of [-2, 1], but got 2)` | "
            "There is an axis less than you think: the end was taken already, "
            "`squeeze` took the batch too, or the input [had no "
            "batch](shapes.md#without-a-batch), without which "
            "`pack_padded_sequence` says `[-1, 0], but got 1` | Print the "
            "shape before this line |",
            lambda: (
                "too many indices for tensor of dimension 2"
                in refusal(lambda: lstm_output()[-1][:, -1, :])
            ),
        ),
        (
            "| `expected sequence of length 4 at dim 1 (got 2)`, `can't "
            "convert np.ndarray of type numpy.object_` | Sequences of "
            "different lengths in one list or array | A tensor of each, then "
            "[pad them](#stack) |",
            lambda: (
                "expected sequence of length 4 at dim 1 (got 2)"
                in refusal(lambda: torch.tensor([[1, 2, 3, 4], [1, 2]]))
            ),
            lambda: pad_sequence([randn(4), randn(2)]).shape == (4, 2),
        ),
        (
            "`only one element tensors can be converted to Python scalars` | "
            "`torch.tensor` of a list of tensors | `torch.stack`, or "
            "[`pad_sequence`](#stack) |",
            lambda: (
                "only one element tensors can be converted to Python scalars"
                in refusal(lambda: torch.tensor([randn(3), randn(3)]))
            ),
            lambda: torch.stack([randn(3), randn(3)]).shape == (2, 3),
        ),
        (
            "`takes from 2 to 3 positional arguments but 4 were given` | "
            "`lstm(x, h, c)` | `lstm(x, (h, c))` |",
            lambda: (
                "takes from 2 to 3 positional arguments but 4 were given"
                in refusal(lambda: module(3, 2)(randn(4, 1, 3), *PAIR))
            ),
            lambda: not refusal(lambda: module(3, 2)(randn(4, 1, 3), PAIR)),
        ),
        (
            "`'NoneType' object has no attribute 'dim'` | `(None, None)` for a state | `None` |",
            lambda: (
                "'NoneType' object has no attribute 'dim'"
                in refusal(lambda: module(3, 2)(randn(4, 1, 3), (None, None)))
            ),
            lambda: not refusal(lambda: module(3, 2)(randn(4, 1, 3), None)),
        ),
        (
            "| `a view of a leaf Variable that requires grad is being used in "
            "an in-place operation`, `cannot assign 'torch.FloatTensor' as "
            "parameter` | A weight is written to while autograd looks on, or "
            "replaced by a plain tensor | `copy_` or `fill_` under "
            "`torch.no_grad()`, as for [a forget bias](forget-bias.md) |",
            lambda: "a view of a leaf" in refusal(write_to_a_bias),
            lambda: "cannot assign" in refusal(replace_a_bias),
            lambda: not refusal(torch.no_grad()(write_to_a_bias)),
        ),
        (
            "| `running_mean should contain 5 elements not 2`, `expected "
            "input[4, 5, 3] to have 3 channels, but got 5 channels instead` | "
            "`nn.BatchNorm1d` and `nn.Conv1d` look for the features elsewhere "
            "| [Turn the axes](layers.md#norms), and [back](shapes.md#conv1d) "
            "|",
            lambda: torch.nn.BatchNorm1d(2)(randn(4, 2, 5)).shape == (4, 2, 5),
            lambda: torch.nn.Conv1d(2, 3, 1)(randn(4, 2, 5)).shape[1] == 3,
        ),
        (
            "| `start (9) + length (1) exceeds dimension size (9)` | A length "
            "is larger than the number of steps that are there | "
            "`lengths.max() <= len(x)`; pad and count in the same way |",
            lambda: refusal(lambda: packed_with(5)),
            lambda: not refusal(lambda: packed_with(4)),
        ),
        (
            "| `invalid index of a 0-dim tensor`, from `loss.data[0]` | Still "
            "said: write `loss.item()` |",
            lambda: refusal(lambda: randn(3).sum()[0]),
            lambda: not refusal(lambda: randn(3).sum().item()),
        ),
        (
            "**Fix**: Look at `x.shape`. If the number is that of the steps or "
            "of the batch, axes were swapped, or, if there is one number at "
            "each step, the axis of features is missing: [add it to your "
            "data](shapes.md#my-data). Otherwise build the module with this "
            "`input_size`.",
            lambda: "Expected 1, got 9" in refusal(lambda: module(1, 2)(randn(5, 9))),
            lambda: not refusal(lambda: module(1, 2)(randn(5, 9)[..., None])),
            lambda: "Expected 3, got 9" in refusal(lambda: module(3, 2)(randn(1, 3, 9))),
            lambda: not refusal(lambda: module(9, 2)(randn(1, 3, 9))),
        ),
        (
            "**Fix**: Give `x` the axes steps, batch and features; for a "
            "single sequence `x[t][None]`.",
            lambda: not refusal(lambda: torch.nn.LSTMCell(5, 3)(randn(4, 5)[1][None])),
            lambda: randn(4, 5)[1][None].shape == (1, 5),
        ),
        (
            ", and so your steps for classes.",
            lambda: (
                "Expected target size [2, 6], got [2, 4]"
                in refusal(lambda: cross_entropy(randn(2, 4, 6), torch.zeros(2, 4).long()))
            ),
        ),
        (
            "**Fix**: `cross_entropy(logits.flatten(0, 1), targets.flatten())`."
            " It works the same with steps first, as long as targets have "
            "their axes in the same order:",
            lambda: torch.allclose(flat_loss(False), flat_loss(True)),
        ),
        (
            "`torch.cat` says nearly the same, and the same padding mends it:",
            lambda: (
                "Sizes of tensors must match except in dimension 0"
                in refusal(lambda: torch.cat([randn(1, 4, 3), randn(1, 2, 3)]))
            ),
        ),
        (
            "- **Expected**: A new graph. - **Fix**: [Detach the state]"
            "(chunks.md#backward-through-the-graph-a-second-time) that one "
            "call hands to the next.",
            lambda: not of_a_chain(False, True, cuts=True),
        ),
        (
            "- **Expected**: Weights as they were when that call read them. - "
            "**Fix**: Detach the state that one call hands to the next.",
            lambda: "inplace operation" in of_a_chain(True, True),
            lambda: not of_a_chain(True, True, cuts=True),
        ),
        (
            "- **Got**: `dropout` with one layer.",
            lambda: says_of_dropout(1) and not says_of_dropout(2),
        ),
        (
            "**Fix**: Print `requires_grad` of the loss, the scores and "
            "`output`; it was cut off between the last that says `True` and "
            "the next.",
            lambda: lstm_output().requires_grad,
            lambda: not lstm_output().detach().sum().requires_grad,
        ),
        (
            "- **Got**: Both directions, most often, and a readout for one;",
            lambda: (
                "(4x4 and 2x1)"
                in refusal(
                    lambda: torch.nn.Linear(2, 1)(
                        module(3, 2, bidirectional=True)(randn(4, 1, 3))[0]
                    )
                )
            ),
        ),
        (
            "**Not run here**: quoted from PyTorch's source; on a CPU the call does nothing.",
            mends_nothing_on_a_cpu,
        ),
        (
            "Nothing is wrong. With `proj_size` a CPU runs PyTorch's own code",
            runs_what_it_always_ran,
        ),
        (
            "| With `module.` or `_orig_mod.` in front | None: [take the "
            "prefix away](after-loading.md#strict) | | With `_raw` at the end "
            "| None: [weight dropping](custom-cell.md#weight-drop) |",
            lambda: all(
                name.startswith("module.")
                for name in torch.nn.DataParallel(module(3, 2)).state_dict()
            ),
            lambda: all(n.startswith("_orig_mod.") for n in compiled_names()),
            lambda: any("_raw" in block for block in blocks("custom-cell", "pycon")),
        ),
        (
            "If only `embedding.weight` has another number of rows, the "
            "vocabulary is a different one. `strict=False` does not help here, "
            "since it is about names.",
            misses_the_vocabulary_alone,
            refuses_another_size,
        ),
        (
            "To load a file into a model with another readout, for instance "
            "for other classes, leave out what does not fit:",
            refuses_another_size,
            lambda: not refusal(lambda: module(3, 2).load_state_dict({}, strict=False)),
        ),
        ("It is only a warning, and Python prints it once;", warns_once),
        (
            "| `Expected input batch_size (20) to match target batch_size "
            "(5)` | Scores for every step, and a target for each sequence; or "
            "[batch and time are "
            "swapped](wrong-ways.md#batch-and-time-swapped), if the first "
            "number is that of the steps | Score [the last "
            "state](shapes.md#to-a-readout), or give each step a target; no "
            "`view(-1, …)` before that |",
            # Five sequences of 20 steps, which are taken for 20 of 5.
            lambda: (
                "input batch_size (20) to match target batch_size (5)"
                in refusal(
                    lambda: cross_entropy(module(3, 6)(randn(5, 20, 3))[0][-1], torch.arange(5))
                )
            ),
            lambda: not refusal(lambda: cross_entropy(randn(5, 6), torch.arange(5))),
            lambda: not refusal(lambda: cross_entropy(randn(20, 6), torch.arange(20) % 6)),
        ),
        (
            "| `… must match the size of tensor b (0) …`, and other sizes of "
            "zero | Something is empty: a text of which nothing was left "
            "after cleaning, or the end of a file | Find it by its length, "
            "and [leave it out](#zero-length) |",
            lambda: (
                "must match the size of tensor b (0)" in refusal(lambda: randn(4, 3) - randn(4, 0))
            ),
        ),
        (
            "| `'numpy.ndarray' object has no attribute 'dim'`, `'list' "
            "object has no attribute 'dim'` | No tensor | "
            "`torch.tensor(x).float()` |",
            lambda: module(3, 2)(torch.tensor(randn(4, 3).tolist()).float()),
            lambda: module(3, 2)(torch.tensor(randn(4, 3).numpy()).float()),
        ),
        (
            "A tensor needs no wrapper any more, and `volatile` is `torch.no_grad()`",
            lambda: type(torch.autograd.Variable(randn(1))) is torch.Tensor,
        ),
        (
            "The `DataLoader` puts its samples into a batch by `torch.stack`, "
            "and these have different lengths.",
            stacks,
        ),
        (
            "The last batch of an epoch is often smaller than the others.",
            lambda: [len(b) for b in torch.utils.data.DataLoader(range(10), 4)] == [4, 4, 2],
        ),
        (
            "`nn.LSTMCell` says this about [the mistake above](#input-size).",
            lambda: (
                "input has inconsistent input_size: got 4 expected 3"
                in refusal(lambda: torch.nn.LSTMCell(3, 2)(randn(1, 4)))
            ),
            lambda: "input.size(-1) must be" in refusal(lambda: module(3, 2)(randn(1, 4))),
        ),
        (
            "Integers that stand for words go through an `nn.Embedding` first.",
            lambda: refusal(lambda: module(1, 2)(torch.arange(4)[:, None])),
            lambda: module(3, 2)(torch.nn.Embedding(9, 3)(torch.arange(4))),
        ),
        (
            "`… but got Float and Half`, `… but got Half and Float`: after "
            "`model.half()` the input is still in `float32`, or an output of "
            "autocast is used after it. Take `.half()` away and use "
            "[autocast](nan.md#mixed-precision), or write `output.float()`.",
            lambda: "got Float and Half" in of_linear(torch.half, torch.float),
            lambda: "got Half and Float" in of_linear(torch.float, torch.half),
            lambda: not of_linear(torch.float, torch.float),
        ),
        (
            "an `nn.Embedding` is given floats. Write `ids.long()`.",
            lambda: (
                "'indices' to have one of the following scalar types: Long, "
                "Int" in refusal(lambda: torch.nn.Embedding(9, 3)(torch.ones(2)))
            ),
            lambda: torch.nn.Embedding(9, 3)(torch.ones(2).long()).shape,
        ),
        (
            "the classes that `cross_entropy` is given are floats. Write `targets.long()`.",
            lambda: (
                "expected target dtype to be Long or Byte, but got Float"
                in refusal(lambda: cross_entropy(randn(2, 3), torch.ones(2)))
            ),
            lambda: cross_entropy(randn(2, 3), torch.ones(2).long()),
        ),
        (
            "`'tuple' object has no attribute 'shape'` is the same mistake.",
            lambda: (
                "'tuple' object has no attribute 'shape'"
                in refusal(lambda: module(3, 2)(randn(4, 3)).shape)
            ),
        ),
        (
            "Your loss compares every prediction with every target, so the "
            "model learns to say the mean.",
            broadcast,
            learns_the_mean,
        ),
        (
            "A `backward` through a call whose weights have changed since, "
            "because `optimizer.step()` writes the new ones into the same "
            "tensors.",
            is_written_in_place,
        ),
        (
            "**Got**: Targets with an axis too many in `cross_entropy`, such "
            "as `(N, 1)`. - **Expected**: A class for each line of scores, "
            "`(N,)`; or floats of the same shape as the scores, which are "
            "probabilities. - **Fix**: `targets[:, 0]`. If they are one-hot, "
            "`targets.float()` works as well as `targets.argmax(dim=1)`.",
            lambda: (
                "0D or 1D target" in refusal(lambda: cross_entropy(randn(2, 3), ONE_HOT[:, :1]))
            ),
            lambda: torch.equal(
                cross_entropy(randn(2, 3), ONE_HOT.float()),
                cross_entropy(randn(2, 3), ONE_HOT.argmax(dim=1)),
            ),
        ),
        (
            "`dropout=0`, which ends the warning, and a separate `nn.Dropout` "
            "after the LSTM if there is to be one.",
            lambda: warns(dropout=0.5) and not warns(dropout=0),
            lambda: (torch.nn.Dropout(0.9)(randn(99)) == 0).any(),
        ),
        (
            "*Expected hx[0] to be 1D or 2D, got 3D instead* says the same of "
            "a state that was made as for `nn.LSTM`: a cell "
            "is a single layer, so `h` and `c` are (batch, units), with no "
            "axis for layers. Take `h[0]` and `c[0]`, or make them so",
            lambda: (
                "Expected hx[0] to be 1D or 2D, got 3D instead"
                in refusal(lambda: steps_with(torch.zeros(1, 4, 2)))
            ),
            lambda: not refusal(lambda: steps_with(torch.zeros(1, 4, 2)[0])),
        ),
        (
            "**Got**: The weights of an `nn.LSTMCell`. - **Expected**: Names "
            "with a layer. - **Fix**: The tensors are the same, so rename "
            "them.",
            lambda: (
                {
                    (f"{name}_l0", tensor.shape)
                    for name, tensor in torch.nn.LSTMCell(3, 2).state_dict().items()
                }
                == {(name, tensor.shape) for name, tensor in module(3, 2).state_dict().items()}
            ),
        ),
        (
            "and you get [another message](#batched-hx).",
            lambda: (
                "hx and cx should also be 3-D but got (2-D, 2-D)"
                in refusal(lambda: module(3, 2, 2)(randn(4, 1, 3), randn(2, 1, 2)))
            ),
        ),
        (
            "What a CPU cannot say is quoted from PyTorch's source, and marked as such.",
            marks_what_was_not_run,
        ),
        (
            "A loss that is NaN comes without a message",
            lambda: mse_loss(randn(3) * torch.nan, randn(3)).isnan(),
        ),
        (
            "**Got**: `self.lstm(x, self.hidden)`, and no `self.hidden`; an "
            "`nn.LSTM` has none either.",
            lambda: not hasattr(module(3, 2), "hidden"),
        ),
        (
            "**Fix**: `self.hidden = None` in `__init__`, which means zeros",
            lambda: torch.equal(
                module(3, 2)(randn(4, 1, 3), None)[0],
                module(3, 2)(randn(4, 1, 3), 2 * (torch.zeros(1, 1, 2),))[0],
            ),
        ),
        (
            "a `!` stands before and after it in the message.",
            lambda: "!int!" in says_of_an_invalid_option(),
        ),
        (
            "**Got**: `bidirectional=1`, a number, or in older releases `h` "
            "alone, [as above](#h-alone). - **Expected**: `True` or `False`, "
            "and `(h, c)` as a tuple. - **Fix**: `bool(bidirectional)`",
            lambda: "invalid combination" in says_of_an_invalid_option(),
            lambda: module(3, 2, bidirectional=bool(1))(randn(4, 1, 3)),
        ),
        (
            "From PyTorch `2.15` on, `addmm:` stands before the message.",
            lambda: (
                refusal(lambda: torch.nn.Linear(2, 1)(randn(20, 4))).startswith("addmm:") != OLDER
            ),
        ),
        (
            "Either the step or the state has no batch.",
            lambda: batches_of_a_cell(False, True),
            lambda: batches_of_a_cell(True, False),
        ),
        (
            "whose second number is that of the units. - **Expected**: A batch "
            "in each of them, or in none.",
            lambda: ("hidden0 batch size 3" in batches_of_a_cell(True, False)) == OLDER,
            lambda: not batches_of_a_cell(True, True),
            lambda: not batches_of_a_cell(False, False),
        ),
        (
            "A plain series has steps only, so give each step an axis for its "
            "single feature. Without a batch the states have no axis for it "
            "either:",
            lambda: module(1, 2)(torch.arange(9.0)[:, None])[0].dim() == 2,
            lambda: module(1, 2)(torch.arange(9.0)[:, None])[1][0].dim() == 2,
        ),
        (
            "A batch without sequences is allowed:",
            lambda: not refusal(lambda: module(3, 2)(randn(4, 0, 3))),
            lambda: refusal(lambda: module(3, 2)(randn(0, 4, 3))),
        ),
        (
            "The same mistake where `nn.LSTM` does not look: in `nn.LSTMCell`, "
            "in a state, in the `nn.Linear` after it.",
            lambda: "got Double and Float" in message(),
            lambda: (
                "got Double and Float"
                in refusal(lambda: torch.nn.Linear(2, 1)(randn(4, 2).double()))
            ),
            lambda: halves(torch.float32, torch.float64),
            lambda: "RNN input" not in halves(torch.float32, torch.float64),
        ),
        (
            "the state is in `float64` or in integers, and the weights are in "
            "`float32`. Write `h.float(), c.float()`.",
            lambda: is_said_of("mkldnn_dtype", torch.float64, torch.int64),
        ),
        (
            "outside autocast: the state is in half precision and the weights "
            "are not, or the other way round. Write `h.to(x.dtype), "
            "c.to(x.dtype)`.",
            lambda: is_said_of(PRIMITIVE, torch.bfloat16, torch.float16),
            lambda: (
                (PRIMITIVE if has_bfloat16() else "mat1 and mat2")
                in halves(torch.bfloat16, torch.float32)
            ),
        ),
        (
            "come from [oneDNN](dispatch.md); a PyTorch without it says `mat1 "
            "and mat2` there, too.",
            lambda: without_onednn_says("mat1 and mat2", torch.float64),
            lambda: without_onednn_says("mat1 and mat2", torch.bfloat16),
        ),
        (
            "A state that autocast made can be in half precision, so turn it "
            "back before a call outside autocast:",
            lambda: torch.bfloat16 in {s.dtype for s in in_half_precision()},
            lambda: refusal(lambda: projected()(randn(4, 1, 3), in_half_precision())),
        ),
        (
            "Autocast hands the LSTM to oneDNN in a type for which oneDNN has "
            "no LSTM on your processor.",
            lambda: has_no_primitive(torch.bfloat16) == (has_onednn() and not has_bfloat16()),
        ),
        (
            "on an x86 processor without AVX-512, where "
            "`torch.backends.cpu.get_cpu_capability()` says `AVX2`; or "
            "`float16`, which fails on more processors. - **Expected**: A type "
            "that oneDNN can run here; `float32` always works.",
            needs_avx_512,
            lambda: has_no_primitive(torch.bfloat16) <= has_no_primitive(torch.float16),
        ),
        (
            "**Fix**: Switch autocast off around the LSTM, and pass `x.float()`:",
            lambda: remedies_of_autocast()[0] == (torch.float32, 0),
        ),
        (
            "Then PyTorch's own code multiplies in `bfloat16`, and returns `float32`:",
            lambda: remedies_of_autocast()[1][0] == torch.float32,
            lambda: 1e-5 < remedies_of_autocast()[1][1] < 1e-2,
        ),
        (
            "Or leave autocast out, and turn the module and its input into `bfloat16`:",
            lambda: remedies_of_autocast()[2][0] == torch.bfloat16,
            lambda: 1e-5 < remedies_of_autocast()[2][1] < 1e-2,
        ),
        (
            "`Input and hidden tensors are not at the same device` is the same "
            "mistake in a state: `torch.zeros` makes it on the CPU, wherever "
            "the module is. Pass no state, which means zeros, or make it with "
            "`x.new_zeros`.",
            lambda: "Input and hidden tensors" in elsewhere("state"),
            lambda: torch.zeros(1).device.type == "cpu",
            lambda: randn(1).to("meta").new_zeros(1).device.type == "meta",
            lambda: module(3, 2).to("meta")(randn(4, 1, 3).to("meta")),
        ),
        (
            "A packed sequence on another device than the module says `Tensor "
            "on device cpu is not on the expected device`",
            lambda: "device cpu is not on the expec" in elsewhere("input"),
        ),
        (
            "An `nn.Sequential` has no place for that, so write a module with a `forward`.",
            lambda: (
                "must be Tensor, not tuple"
                in refusal(
                    lambda: torch.nn.Sequential(module(3, 2), torch.nn.Linear(2, 1))(randn(4, 1, 3))
                )
            ),
        ),
        ("A packed sequence went in, so `output` is one too.", returns_what_is_packed),
        ("first, or `h_n`, which is a tensor anyway.", returns_what_is_packed),
        (
            "`not enough values to unpack` comes of `output, h_n, c_n = "
            "lstm(x)`, in which the parentheses around the state are missing.",
            lambda: len(module(3, 2)(randn(4, 1, 3))) == 2,
        ),
        (
            "In `20x4` the second number is what came, and the first is all "
            "other axes multiplied, so it says nothing of the mistake; in "
            "`2x1` the first is `in_features`.",
            lambda: "(20x4 and 2x1)" in refusal(lambda: torch.nn.Linear(2, 1)(randn(4, 5, 4))),
        ),
        (
            "or the steps [flattened into the features](shapes.md#to-a-readout)"
            ", as `nn.Flatten` does. - **Expected**: As many `in_features` as "
            "`output` has: `hidden_size`, or `proj_size` if there is one, "
            "times two in a bidirectional LSTM.",
            is_flattened_into_the_features,
            times_two,
        ),
        (
            "`transpose` and `permute` leave the numbers where they lie in "
            "memory, and `view` cannot always count them off in the new order.",
            leaves_the_numbers,
            lambda: refusal(lambda: randn(4, 5, 2).transpose(0, 1).view(5, -1)),
            lambda: randn(4, 5, 2).transpose(0, 1).view(5, 2, 2, 2) is not None,
        ),
        ("`reshape` in its place, which copies them.", leaves_the_numbers),
        (
            "Do not leave the `transpose` out instead: then no error comes",
            lambda: not refusal(lambda: randn(4, 5, 2).view(5, -1)),
        ),
        (
            "`shape '[4, 6, -1]' is invalid for input of size 80` is "
            "arithmetic: so many numbers do not fill such a shape.",
            lambda: (
                "shape '[4, 6, -1]' is invalid for input of size 80"
                in refusal(lambda: randn(80).view(4, 6, -1))
            ),
            lambda: 80 % (4 * 6),
        ),
        (
            "A number that stands for a word or a class is as large as there "
            "are words or classes, or larger; counting begins at zero.",
            is_counted_from_zero,
        ),
        (
            "**Got**: An id that the `nn.Embedding` before the LSTM has no "
            "vector for, or a target for which there is no score. - "
            "**Expected**: Ids below `num_embeddings`, targets below the "
            "`out_features` of the readout, none negative but what the loss "
            "ignores.",
            is_counted_from_zero,
            are_below_zero_refused,
        ),
        (
            "**Expected**: Two layers or more, because it acts between layers. "
            "This is a warning: the module works, and its dropout does "
            "nothing.",
            lambda: does_nothing_between_layers(1),
            lambda: not does_nothing_between_layers(2),
        ),
        (
            "What is *missing* your module has and the file has not; what is "
            "*unexpected*, the other way round.",
            lambda: (
                [*found_keys(True, False).missing_keys]
                and not (found_keys(True, False).unexpected_keys)
            ),
            lambda: (
                [*found_keys(False, True).unexpected_keys]
                and not (found_keys(False, True).missing_keys)
            ),
        ),
        (
            "Where steps and classes happen to be as many, no error comes and the loss is wrong.",
            is_wrong_without_a_message,
        ),
        (
            "Nothing leads from the loss back to a weight.",
            lambda: not leads_back(frozen()),
            lambda: leads_back(lstm_output()),
        ),
        (
            "**Got**: A loss that was made under `no_grad` or "
            "`inference_mode`, from `detach()`, `.item()`, `.data` or NumPy, "
            "or after an `argmax`, which has no gradient; or every parameter "
            "is frozen.",
            lambda: not any(map(leads_back, under_no_grad())),
            lambda: (
                not any(
                    leads_back(cut(lstm_output()))
                    for cut in (
                        torch.Tensor.detach,
                        lambda tensor: torch.tensor(tensor.sum().item()),
                        lambda tensor: tensor.data,
                        lambda tensor: torch.tensor(tensor.detach().numpy()),
                        lambda tensor: tensor.argmax(),
                    )
                )
            ),
            lambda: not leads_back(frozen()),
        ),
        (
            "`grad can be implicitly created only for scalar outputs` says "
            "that the loss is no single number yet: write `loss.mean()`. "
            "`Can't call numpy() on Tensor that requires grad` wants "
            "`output.detach().numpy()`",
            lambda: "only for scalar" in refusal(lambda: lstm_output().backward()),
            lambda: not refusal(lambda: lstm_output().mean().backward()),
            lambda: "Can't call numpy()" in refusal(lambda: lstm_output().numpy()),
            lambda: not refusal(lambda: lstm_output().detach().numpy()),
        ),
        (
            "`retain_graph=True`, which the message suggests, only leads to "
            "[the next one](#modified-inplace) if the optimizer steps in "
            "between.",
            lambda: "retain_graph=True" in of_a_chain(False, False),
            lambda: "inplace operation" in of_a_chain(True, True),
            lambda: not of_a_chain(True, False),
        ),
        (
            "`retain_graph=True` does not help: it [keeps the graph, but not "
            "the old weights](chunks.md#modified-by-an-inplace-operation).",
            lambda: "inplace operation" in of_a_chain(True, True),
        ),
        (
            "If no state is handed on, look for an operation that overwrites a "
            "result, such as `x += y` or `x.relu_()`.",
            lambda: "inplace" in overwrites(lambda x: x.add_(1)),
            lambda: "inplace" in overwrites(torch.Tensor.relu_),
        ),
        (
            "No error: it is read as [one sequence without a batch](shapes.md"
            "#without-a-batch). If it is a batch, add the axis that is "
            "missing: `x[None]` makes (batch, features) one step; `x[..., "
            "None]` makes of (batch, steps) steps with one feature, for "
            "`batch_first=True`",
            lambda: module(1, 2, batch_first=True)(randn(4, 9)[..., None])[0].shape == (4, 9, 2),
            lambda: module(3, 2)(randn(4, 3))[1][0].dim() == 2,
            lambda: module(3, 2)(randn(4, 3)[None])[1][0].shape == (1, 4, 2),
            lambda: randn(4, 9)[..., None].shape == (4, 9, 1),
        ),
        (
            "No error: `nn.Linear` takes any number of axes",
            lambda: (
                not refusal(
                    lambda: [torch.nn.Linear(2, 1)(randn(*[2] * axes)) for axes in range(1, 6)]
                )
            ),
        ),
        (
            "`torch.nn.LSTM(3, 2)(torch.randn(4, 1, 3))` always works.",
            lambda: not refusal(lambda: torch.nn.LSTM(3, 2)(randn(4, 1, 3))),
        ),
        ("on a CPU [it works](dispatch.md#backward).", has_a_second_derivative),
        (
            "`squeeze` took the batch too, or the input [had no batch](shapes.md#without-a-batch)",
            lambda: squeezed().shape == (4, 2),
            lambda: (
                "Dimension out of range"
                in refusal(lambda: module(3, 2)(randn(4, 3))[0].chunk(2, dim=2))
            ),
        ),
        (
            "without which `pack_padded_sequence` says `[-1, 0], but got 1`",
            lambda: (
                "Dimension out of range (expected to be in range of [-1, 0], "
                "but got 1)" in refusal(lambda: pack_padded_sequence(randn(4), [4]))
            ),
        ),
        (
            "| `got an unexpected keyword argument` | A name that the module "
            "does not have | The state is `hx` |",
            lambda: not refusal(lambda: module(3, 2)(randn(4, 3), hx=None)),
            lambda: refusal(lambda: module(3, 2)(randn(4, 3), state=None)),
        ),
        (
            "in `mse_loss`, `l1_loss` or `smooth_l1_loss`. The two are broadcast to `(N, N)`.",
            lambda: all(map(broadcasts_in, (mse_loss, l1_loss, smooth_l1_loss))),
        ),
        (
            "| `Tensors must have same number of dimensions: got 2 and 3` | "
            "One step and `h_n`, which has an axis for layers, in one `cat` | "
            "`h_n[-1]` |",
            has_the_ranks_of_one_step,
        ),
        (
            "**Got**: Sequences of four steps and of two. - **Expected**: One length.",
            lambda: is_of_one_length(4, 4) and not is_of_one_length(4, 2),
        ),
        (
            "A state that a module keeps as a plain attribute, as `self.h0`, "
            "is not moved with the module; `register_buffer` would move it.",
            moves_buffers_alone,
        ),
        ("*got 1D instead* says the opposite: an axis is missing.", misses_an_axis),
        (
            "`strict=False` only silences this message: what was missing stays "
            "random, and [another size](#size-mismatch) is refused as before.",
            stays_as_it_was,
            refuses_another_size,
        ),
        (
            "| Names | Option | | --- | --- | | With `_reverse` | "
            "`bidirectional` | | With `_l1` and so on | "
            "`num_layers` | | `bias_ih_l0`, `bias_hh_l0` | `bias` | | "
            "`weight_hr_l0` | `proj_size` |",
            lambda: all(name.endswith("_reverse") for name in names_of(bidirectional=True)),
            lambda: all(name.endswith("_l1") for name in names_of(num_layers=2)),
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
                "or `torch.backends.cudnn.flags(enabled=False)` to see whether cuDNN is the cause",
                "`lstm.train()` with `lstm.dropout = 0`, or "
                "`torch.backends.cudnn.flags(enabled=False)`",
                "Switch cuDNN off while the *forward* pass runs; `backward` may come after it.",
            )
        ),
        (
            "`batch_first=True` does not change the order of the axes of a state.",
            lambda: module(3, 2, batch_first=True)(randn(5, 6, 3))[1][0].shape == (1, 5, 2),
        ),
        ("**Fix**: `enforce_sorted=False`; results come back in your order.", comes_back_in_order),
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
            "**Fix**: Make the state for the batch at hand, or pass none, which means zeros.",
            "lstm(x, (h_0, c_0))[0].equal(lstm(x)[0])",
            "not h_0.any() and not c_0.any()",
        ),
        (
            "**Got**: `h` alone, as [`nn.GRU`](gru.md) wants it. `nn.LSTM` "
            "reads it as if it were the pair",
            "torch.nn.GRU(3, 2)(x, h)",
            "len(h) == 1 and 'index 1' in message",
        ),
        (
            "The same mistake with `nn.LSTMCell`. - **Got**: `h` alone. - "
            "**Expected**: `(h, c)`. - **Fix**: `h, c = cell(x, (h, c))`.",
            "'must be tuple of Tensors, not Tensor' in message",
            "len(cell(x[0], (h, c_first))) == 2",
        ),
        (
            "All its sequences share one piece of memory",
            "h_0_wrong[0, 0].data_ptr() == h_0_wrong[0, 1].data_ptr()",
        ),
        (
            "**Not run here**: quoted from PyTorch's source; a CPU accepts the state as it is.",
            "lstm(torch.ones(4, 2, 3), (h_0_wrong, h_0_wrong))",
        ),
        (
            "**Got**: An input that `transpose` or `permute` turned without "
            "moving its numbers, most likely. - **Expected** by cuDNN: Steps "
            "that lie one after the other in memory. - **Fix**: "
            "`x.contiguous()`.",
            "x_right.transpose(0, 1).data_ptr() == x_right.data_ptr()",
            "not x_wrong.is_contiguous()",
            "x_wrong.contiguous().is_contiguous()",
        ),
        (
            "It was raised here with PyTorch's `meta` device, which needs no GPU",
            "'meta' in message and not torch.cuda.is_available()",
        ),
        (
            "**Expected**: The longest first, because each step runs only for "
            "the sequences that reach it.",
            "torch.nn.utils.rnn.pack_padded_sequence(padded, right)"
            ".batch_sizes.tolist() == [int((right > k).sum()) "
            "for k in range(int(right.max()))]",
        ),
        (
            "**Not run here**: quoted from PyTorch's source; on a CPU the gradient is computed.",
            "lstm.eval()(x)[0].sum().backward() is None",
            "lstm.weight_ih_l0.grad.any()",
        ),
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
            "**Fix**: `x.unsqueeze(1)`, or `x.unsqueeze(0)` with `batch_first=True`",
            "lstm(x_wrong.unsqueeze(1), (h_0_wrong, c_0_wrong))",
            "torch.nn.LSTM(3, 2, batch_first=True)(x_wrong.unsqueeze(0), (h_0_wrong, c_0_wrong))",
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
            "**Got**: A sequence without steps. - **Expected**: One step at least.",
            "len(x_wrong) == 0",
        ),
        ("**Got**: A whole sequence. - **Expected**: One step.", "cell(x[0])"),
        (
            "**Got**: A longer sequence after a shorter one. - **Expected**: The longest first",
            "lengths[0] < lengths[1]",
            "right[0] > right[1]",
        ),
        ("**Got**: More or fewer lengths than sequences.", "len(lengths) != x.shape[1]"),
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
            "**Expected**: `(batch, classes, steps)`, or one axis for all steps.",
            "torch.nn.functional.cross_entropy(right, targets)",
        ),
        ("`4*hidden_size` rows and `input_size` columns", "built.weight_ih_l0.shape == (4 * 2, 3)"),
        ("`retain_graph=True`, which the message suggests", "'retain_graph=True' in message"),
        ("`retain_graph=True` does not help", "'inplace operation' in message"),
        (
            "**Got**: A second `backward` through steps whose graph the first one has freed.",
            "'second time' in message",
        ),
        ("a shape and {:word} versions, which count", "message.count('version ')"),
        (
            "In training with a state, the shape is that of a weight, perhaps transposed.",
            "any(str([*size]) in message for weight in lstm.parameters() "
            "for size in (weight.shape, weight.shape[::-1]))",
        ),
        ("the stride of the batch is {}", "h_0_wrong.stride(1)"),
        ("{:Word} features at each step", "x_wrong.shape[-1]"),
        (
            "{:Word}, because `weight_ih` has {:word} columns",
            "lstm.input_size",
            "lstm.weight_ih_l0.shape[1]",
        ),
        (
            "`x.flatten(2)` makes features of everything after steps and "
            "batch, and `input_size` is their number; or drop an axis of "
            "length {}",
            "x_wrong.shape[-1] * (x_wrong.flatten(2).shape[:2] == "
            "x_wrong.shape[:2] and x_wrong.flatten(2).dim() == 3)",
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
        ("The loss takes axis {} for the classes", "right.shape.index(logits.shape[-1])"),
    ),
)
