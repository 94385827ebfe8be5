"""What `other-places` quotes."""

import io
import re
import warnings
from functools import cache

import torch
from torch.nn.parallel.scatter_gather import scatter
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from tests.site.facts.common import module, randn, refusal
from tests.site.facts_of_pages import page


def quantized(**options) -> torch.nn.Sequential:
    """A model with an LSTM, whose weights are in int8."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return torch.ao.quantization.quantize_dynamic(
            torch.nn.Sequential(module(3, 4, **options)), {torch.nn.LSTM}, dtype=torch.qint8
        )


def keeps_int8_and_computes_in_float32() -> bool:
    lstm = quantized()[0]
    weight = lstm.get_weight()["weight_ih_l0"]
    output, _ = lstm(randn(5, 2, 3))
    return weight.dtype == torch.qint8 and output.dtype == torch.float32


def skips_what_is_bare() -> bool:
    """Whether an LSTM that is no part of a model comes back as it was."""
    lstm = module(3, 4)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        same = torch.ao.quantization.quantize_dynamic(lstm, {torch.nn.LSTM})
    return type(same) is torch.nn.LSTM and type(quantized()[0]) not in (torch.nn.LSTM,)


def multiplies_by(*engines: str) -> bool:
    """Whether int8 is multiplied by one of these here."""
    return torch.backends.quantized.engine in engines


def ignores_a_projection() -> bool:
    """Whether a module is built without, and works with layers."""
    several = quantized(num_layers=2, bidirectional=True)(randn(5, 2, 3))[0]
    projected = quantized(proj_size=2)[0]
    return several.shape == (5, 2, 8) and "proj_size" not in repr(projected)


def refuses_a_projection() -> bool:
    """Whether the first call of such a module raises what FBGEMM says.

    QNNPACK returns as many numbers as the module has units.
    """
    x = randn(5, 2, 3)
    try:
        output, _ = quantized(proj_size=2)(x)
    except RuntimeError as error:
        return "number of rows in the packB should be equal" in str(error)
    assert output.shape == (5, 2, 4)
    return False


@cache
def difference(kind: torch.dtype) -> float:
    """How far outputs of weights of this kind are from those in float32."""
    torch.manual_seed(0)
    model, x = torch.nn.Sequential(torch.nn.LSTM(32, 64)), randn(50, 8, 32)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        small = torch.ao.quantization.quantize_dynamic(model, {torch.nn.LSTM}, dtype=kind)
    return (small(x)[0] - model(x)[0]).abs().max().item()


def leaves_a_quarter() -> bool:
    """Whether the file is about a quarter, with no data but the weights."""
    sizes = []
    for model in (module(64, 128), quantized_wide()):
        file = io.BytesIO()
        torch.save(model.state_dict(), file)
        sizes.append(file.tell())
    return 0.24 < sizes[1] / sizes[0] < 0.3


def quantized_wide() -> torch.nn.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return torch.ao.quantization.quantize_dynamic(
            torch.nn.Sequential(module(64, 128)), {torch.nn.LSTM}
        )


def warns_of_a_release_that_is_out() -> bool:
    """Whether the warning names a release before this one."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        torch.ao.quantization.quantize_dynamic(torch.nn.Sequential(module(3, 4)), {torch.nn.LSTM})
    messages = " ".join(str(warning.message) for warning in caught)
    (release,) = {*re.findall(r"will be removed in (\d+\.\d+)", messages)}
    this = torch.__version__.split(".")[:2]
    return [int(n) for n in release.split(".")] < [int(n) for n in this]


class Step(torch.nn.Module):
    """A step with its state as input and output."""

    def __init__(self):
        super().__init__()
        self.lstm = module(3, 4)

    def forward(self, x, h, c):
        """What it shows, and the state after it."""
        output, (h, c) = self.lstm(x, (h, c))
        return output, h, c


class Stateful(torch.nn.Module):
    """Keeps its state, as buffers or as a plain attribute."""

    def __init__(self, is_buffer):
        super().__init__()
        self.lstm = module(3, 4)
        self.is_buffer = is_buffer
        self.state = torch.zeros(1, 1, 4), torch.zeros(1, 1, 4)
        self.register_buffer("h", torch.zeros(1, 1, 4))
        self.register_buffer("c", torch.zeros(1, 1, 4))

    def forward(self, x):
        """What it shows, from the state that was left."""
        if self.is_buffer:
            output, (self.h, self.c) = self.lstm(x, (self.h, self.c))
        else:
            output, self.state = self.lstm(x, self.state)
        return output


class Packs(torch.nn.Module):
    """Reads sequences without their padding."""

    def __init__(self):
        super().__init__()
        self.lstm = module(3, 4)

    def forward(self, x, lengths):
        """The last state of each."""
        return self.lstm(pack_padded_sequence(x, lengths))[1][0]


class Output(torch.nn.Module):
    """Returns what an LSTM shows."""

    def __init__(self):
        super().__init__()
        self.lstm = module(3, 4)

    def forward(self, x):
        """The output alone."""
        return self.lstm(x)[0]


def exported(model, example, **options):
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        return torch.export.export(model.eval(), example, **options)


@cache
def has_fixed_steps_and_any_batch() -> bool:
    """Whether another batch runs without the model's Python, and no length."""
    model = Output()
    batch = {1: torch.export.Dim("batch")}
    program = exported(model, (randn(5, 4, 3),), dynamic_shapes=(batch,))
    expected = model(randn(5, 7, 3))
    model.forward = None
    run = program.module()
    output = run(randn(5, 7, 3))
    names = [node.name for node in program.graph.nodes]
    try:
        run(randn(9, 4, 3))
    except Exception:  # whatever the release raises
        return torch.allclose(output, expected, atol=1e-6) and (names.count("lstm") == 1)
    return False


def refuses_a_name_for_steps() -> bool:
    steps = {0: torch.export.Dim("steps")}
    try:
        exported(Output(), (randn(5, 4, 3),), dynamic_shapes=(steps,))
    except Exception as error:
        return "Constraints violated (steps)" in str(error)
    return False


def refuses_packed_sequences() -> bool:
    try:
        exported(Packs(), (randn(5, 2, 3), torch.tensor([5, 3])))
    except Exception:
        return True
    return False


@cache
def takes_both_for_one() -> bool:
    """Whether one tensor for both leaves `h` unread, and wrong if not zero."""
    step, zeros = Step(), torch.zeros(1, 1, 4)
    program = exported(step, (randn(1, 1, 3), zeros, zeros))
    read = {node.name: len(node.users) for node in program.graph.nodes}
    x, h, c = randn(1, 1, 3), randn(1, 1, 4), randn(1, 1, 4, seed=1)
    run = program.module()
    own = exported(step, (randn(1, 1, 3), zeros, zeros.clone())).module()
    right = step(x, h, c)[0]
    return (
        (read["h"], read["c"]) == (0, 1)
        and torch.allclose(run(x, zeros, zeros)[0], step(x, zeros, zeros)[0])
        and not torch.allclose(run(x, h, c)[0], right, atol=1e-3)
        and torch.allclose(own(x, h, c)[0], right, atol=1e-6)
    )


@cache
def keeps_buffers_alone() -> bool:
    """Whether a state goes on in a file if it is in buffers, and only then."""
    is_equal = []
    for is_buffer in (True, False):
        run = exported(Stateful(is_buffer), (randn(1, 1, 3),)).module()
        with torch.no_grad():
            first, second = run(randn(1, 1, 3)), run(randn(1, 1, 3))
        is_equal.append(torch.equal(first, second))
    return is_equal == [False, True]


class Untyped(torch.nn.Module):
    """Says nothing of what its state is."""

    def __init__(self):
        super().__init__()
        self.lstm = module(3, 4)

    def forward(self, x, state=None):
        """What the module returns."""
        return self.lstm(x, state)


def scripted(model: torch.nn.Module) -> torch.nn.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return torch.jit.script(model)


def traced(model, example):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return torch.jit.trace(model, example)


class Alone(Untyped):
    """Hands on a tensor for the state."""

    def forward(self, x):
        """What the module returns."""
        return self.lstm(x, torch.zeros(1, 1, 4))


def needs_a_pair() -> bool:
    return needs_its_types(Alone)


def needs_its_types(kind: type[torch.nn.Module] = Untyped) -> bool:
    try:
        scripted(kind())
    except RuntimeError as error:
        return "Arguments for call are not valid" in str(error)
    return False


def has_no_code() -> bool:
    """Whether a bare LSTM is taken, and has neither `code` nor `forward`."""
    bare = scripted(module(3, 4))
    return not hasattr(bare, "forward") and not hasattr(bare, "code")


def stays_as_it_was_traced() -> bool:
    """Whether a branch on the data is that of the example."""

    def fold(x):
        return -x if x.sum() > 0 else x

    run = traced(fold, torch.ones(3))
    return torch.equal(run(-torch.ones(3)), torch.ones(3))


def begins_from_zeros() -> bool:
    run, zeros = traced(module(3, 4), (randn(5, 1, 3),)), torch.zeros(1, 1, 4)
    x = randn(5, 1, 3, seed=1)
    again = torch.equal(run(x)[0], run(x)[0])
    return again and torch.allclose(run(x)[0], module(3, 4)(x, (zeros, zeros))[0], atol=1e-6)


def gradient(x: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    lstm = module(3, 4)
    (lstm(x)[0] - targets).square().mean().backward()
    return lstm.weight_hh_l0.grad


def is_the_mean_of_both() -> bool:
    """Whether gradients of two halves average to that of the batch."""
    x, targets = randn(5, 6, 3), randn(5, 6, 4)
    halves = map(gradient, x.chunk(2, 1), targets.chunk(2, 1))
    return torch.allclose(sum(halves) / 2, gradient(x, targets), atol=1e-6)


def things_that_do_not_fit() -> int:
    """How many things the page lists after it says so."""
    _, after = page("other-places").text.split("LSTM do not fit that.")
    return len(re.findall(r"^\*\*", after, re.M))


def cannot_be_joined() -> bool:
    """Whether halves that are padded for themselves have other lengths."""
    x, lengths = randn(6, 5, 3), torch.tensor([5, 4, 2, 3, 2, 1])
    pieces = []
    for part, some in zip(x.chunk(2), lengths.chunk(2), strict=True):
        packed = pack_padded_sequence(part, some, batch_first=True, enforce_sorted=False)
        output, _ = module(3, 4, batch_first=True)(packed)
        pieces.append(pad_packed_sequence(output, batch_first=True)[0])
    try:
        torch.cat(pieces)
    except RuntimeError:
        return [piece.shape[1] for piece in pieces] == [5, 3]
    return False


def goes_everywhere_as_a_whole() -> bool:
    """Whether a list is given to both GPUs, and is too long for a half."""
    (first, second) = scatter([5, 4, 2, 1], [0, 1])
    try:
        pack_padded_sequence(randn(5, 2, 3), first)
    except RuntimeError:
        return first == second == [5, 4, 2, 1]
    return False


def differs_in_two_halves() -> bool:
    """Whether dropout and sums are others on two halves than on the whole."""
    torch.manual_seed(0)
    complete = torch.nn.functional.dropout(torch.ones(8))
    torch.manual_seed(0)
    first = torch.nn.functional.dropout(torch.ones(4))
    torch.manual_seed(0)
    second = torch.nn.functional.dropout(torch.ones(4))
    sums = {
        (
            randn(1000, seed=k).sum() - sum(half.sum() for half in randn(1000, seed=k).chunk(2))
        ).item()
        for k in range(9)
    }
    return sums != {0.0} and not torch.equal(torch.cat([first, second]), complete)


def joins_with_the_batch_first() -> bool:
    """Whether halves, whose states have the batch first, are the whole."""
    lstm = module(3, 4, num_layers=2, batch_first=True)

    def run(x, h, c):
        turned = (part.transpose(0, 1).contiguous() for part in (h, c))
        return lstm(x, tuple(turned))[0]

    inputs = randn(6, 5, 3), randn(6, 2, 4), randn(6, 2, 4, seed=1)
    halves = zip(*(tensor.chunk(2) for tensor in inputs), strict=True)
    parts = [run(*half) for half in halves]
    return torch.allclose(torch.cat(parts), run(*inputs), atol=1e-6)


def takes_all_in_torchscript() -> bool:
    """Whether a scripted module takes any batch and steps, and packs."""

    class Packed(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.lstm = module(3, 4)

        def forward(self, x: torch.Tensor, lengths: torch.Tensor):
            packed = pack_padded_sequence(x, lengths)
            return self.lstm(packed)[1][0]

    own = Packed()
    run, inputs = scripted(own), (randn(9, 2, 3), torch.tensor([9, 4]))
    free = scripted(Output())
    return torch.allclose(run(*inputs), own(*inputs), atol=1e-6) and all(
        torch.allclose(free(x), Output()(x), atol=1e-6) for x in (randn(9, 7, 3), randn(2, 1, 3))
    )


def is_the_same_when_loaded() -> bool:
    run, file = traced(module(3, 4), (randn(5, 1, 3),)), io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.jit.save(run, file)
        loaded = torch.jit.load(io.BytesIO(file.getvalue()))
    return torch.equal(loaded(randn(5, 1, 3))[0], run(randn(5, 1, 3))[0])


def refuses_a_state_of_fewer_layers() -> bool:
    """Whether a state that was cut is refused as the page says."""
    lstm = module(3, 4, num_layers=2, batch_first=True)
    state = 2 * (torch.zeros(2, 6, 4).chunk(2)[0],)
    try:
        lstm(randn(6, 5, 3).chunk(2)[0], state)
    except RuntimeError as error:
        return "Expected hidden[0] size" in str(error)
    return False


def hides_methods() -> bool:
    wrapped = torch.nn.DataParallel(module(3, 2))
    message = refusal(lambda: wrapped.init_hidden)
    return (
        message.startswith("'DataParallel' object has no attribute 'init_hidden'")
        and wrapped.module.hidden_size == 2
    )
