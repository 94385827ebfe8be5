"""What `errors` quotes."""

import os
import platform
import re
import warnings
from collections.abc import Callable
from typing import Any

import torch
from torch.nn.functional import cross_entropy, mse_loss
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence

from lstm_figs.command.request import parse_header
from tests.processor import has_bfloat16, has_onednn
from tests.site.facts.common import module, randn, refusal
from tests.site.facts_of_pages import page


def message() -> str:
    """What a cell says of an input of another type."""
    try:
        torch.nn.LSTMCell(3, 2)(torch.zeros(1, 3).double())
    except RuntimeError as error:
        return str(error)
    return ""


def write_to_a_bias() -> None:
    module(3, 2).bias_ih_l0[2:4].fill_(1)


def replace_a_bias() -> None:
    module(3, 2).bias_ih_l0 = torch.zeros(8)


def has_the_ranks_of_one_step() -> bool:
    lstm, x = module(3, 2), randn(4, 5, 3)
    h_n = lstm(x)[1][0]
    return torch.cat([x[0], h_n[-1]], dim=1).shape == (5, 5)


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
