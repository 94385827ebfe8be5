"""What `streaming` quotes."""

from functools import cache
from threading import Thread

import pytest
import torch

from tests.doc_scripts import load
from tests.site.facts.common import module, randn
from tests.site.records import STREAMING, names_of

script = cache(lambda: load("streaming"))


def takes_a_step_of_all() -> bool:
    """Whether a stream takes (batch, input_size), whatever the module has."""
    return all(
        script().Stream(module(3, 2, batch_first=first)).feed(randn(5, 3)).shape == (5, 2)
        for first in (False, True)
    )


def takes_what_the_module_takes() -> bool:
    """Whether a group of 4 steps of 5 streams comes as the module has it."""
    first, rows = (
        script().ChunkStream(module(3, 2, batch_first=is_first)) for is_first in (False, True)
    )
    expected, _ = module(3, 2)(randn(4, 5, 3))
    output = first.feed(randn(4, 5, 3))
    turned = rows.feed(randn(4, 5, 3).transpose(0, 1)).transpose(0, 1)
    return torch.allclose(output, expected) and torch.allclose(turned, expected)


def refuses_a_matrix() -> bool:
    try:
        script().ChunkStream(module(3, 2)).feed(randn(5, 3))
    except ValueError:
        return module(3, 2)(randn(5, 3))[0].shape == (5, 2)
    return False


def exact(layers: int) -> tuple[bool, ...]:
    """Which directions of the last layer are exact if each looks ahead."""
    actual = expected = randn(30, 1, 3)
    for size in (3, 4)[:layers]:
        lstm = module(size, 2, bidirectional=True)
        actual = script().with_look_ahead(lstm, actual, 5, 2)
        expected, _ = lstm(expected)
    return tuple(
        torch.allclose(*ends, atol=1e-6)
        for ends in zip(actual.split(2, 2), expected.split(2, 2), strict=True)
    )


def drags_the_graph_along() -> bool:
    """Whether a state has a graph unless one of both modes is on."""
    lstm, x = module(3, 2), randn(4, 5, 3)
    has_graph = []
    for mode in (torch.inference_mode, torch.no_grad):
        with mode():
            has_graph.append(lstm(x)[1][1].requires_grad)
    return lstm(x)[1][1].requires_grad and not any(has_graph)


def begins_at_the_end() -> bool:
    """Whether the reverse direction has its last state at the first step."""
    output, (h_n, _) = module(3, 2, bidirectional=True)(randn(4, 5, 3))
    return torch.equal(h_n[1], output[0, :, 2:])


def is_one_call() -> bool:
    """Whether a stream of two layers gives what one call gives."""
    lstm, x = module(3, 2, num_layers=2), randn(6, 5, 3)
    stream = script().Stream(lstm)
    outputs = torch.stack([stream.feed(x_t) for x_t in x])
    return torch.allclose(outputs, lstm(x)[0], atol=1e-6)


def is_first_again() -> bool:
    lstm, x = module(3, 2), randn(6, 5, 3)
    zero = torch.zeros(1, 5, 2)
    return torch.equal(lstm(x[3:4])[0], lstm(x[3:4], (zero, zero))[0])


def refuses_h_alone() -> bool:
    cell = torch.nn.LSTMCell(3, 2)
    try:
        cell(randn(5, 3), torch.zeros(5, 2))
    except TypeError:
        return cell(randn(5, 3), (torch.zeros(5, 2), torch.zeros(5, 2)))[0].any()
    return False


def steps_that_run(ahead: int) -> int:
    """How many steps run for 30 in chunks of 5 that look so far ahead."""
    lstm = module(3, 2, bidirectional=True)
    lengths = []
    lstm.register_forward_pre_hook(lambda _, inputs: lengths.append(len(inputs[0])))
    script().with_look_ahead(lstm, randn(30, 1, 3), 5, ahead)
    return sum(lengths)


def goes_on() -> bool:
    """Whether a state is all that a later call needs of what was read."""
    lstm, x = module(3, 2), randn(6, 5, 3)
    _, state = lstm(x[:4])
    return torch.allclose(lstm(x[4:], state)[0], lstm(x)[0][4:], atol=1e-6)


def inherits_without_reset() -> bool:
    """Whether a second stream is as if it were the first only after `reset`."""
    lstm, x, is_equal = module(3, 2), randn(2, 5, 3), []
    for is_reset in (True, False):
        stream = script().Stream(lstm)
        first = stream.feed(x[0])
        stream.feed(x[1])
        if is_reset:
            stream.reset()
        is_equal.append(torch.equal(stream.feed(x[0]), first))
    return is_equal == [True, False]


def has_a_place_in_the_batch() -> bool:
    """Whether states of single streams are stacked for a call of several."""
    lstm, x = module(3, 2), randn(4, 2, 3)
    states = [lstm(x[:2, k : k + 1])[1] for k in range(2)]
    both = tuple(torch.cat(parts, dim=1) for parts in zip(*states, strict=True))
    return torch.allclose(lstm(x[2:], both)[0], lstm(x)[0][2:], atol=1e-6)


def is_not_in_the_equations() -> bool:
    """Whether a cell computes the same, and oneDNN decides what it costs."""
    lstm, cell, x = module(3, 2), torch.nn.LSTMCell(3, 2), randn(5, 3)
    cell.load_state_dict({name[:-3]: weight for name, weight in lstm.state_dict().items()})
    of = names_of(STREAMING)["of"]
    return torch.allclose(cell(x)[0], lstm(x[None])[0][0], atol=1e-6) and all(
        of("one call", size) < of("LSTM without oneDNN", size) < of("LSTM", size)
        for size in names_of(STREAMING)["microseconds"]
    )


def is_off_for_good() -> bool:
    """Whether a switch stays off for all threads, and a block sets it back."""
    is_enabled = []

    def look() -> None:
        is_enabled.append(torch.backends.mkldnn.enabled)

    before = torch.backends.mkldnn.enabled
    with torch.backends.mkldnn.flags(enabled=not before):
        look()
    look()
    try:
        torch.backends.mkldnn.enabled = False
        thread = Thread(target=look)
        thread.start()
        thread.join()
        look()
    finally:
        torch.backends.mkldnn.enabled = before
    return is_enabled == [not before, before, False, False]


def starts(steps: int, is_one_call: bool) -> int:
    """How often `nn.LSTM` runs PyTorch's LSTM for some steps."""
    lstm, x, calls = module(3, 2), randn(steps, 1, 3), []
    run = torch._VF.lstm

    def count(*args):
        calls.append(args)
        return run(*args)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(torch._VF, "lstm", count)
        for part in [x] if is_one_call else x.split(1):
            lstm(part)
    return len(calls)


def knows_that_step_alone() -> bool:
    """Whether the reverse half, step by step, has the shape and one step."""
    lstm, x = module(3, 2, bidirectional=True), randn(6, 1, 3)
    alone = torch.cat([lstm(x_t[None])[0] for x_t in x])
    other = x.clone()
    other[4:] += 1
    changed = torch.cat([lstm(x_t[None])[0] for x_t in other])
    return (
        alone.shape == lstm(x)[0].shape
        and torch.equal(alone[:4], changed[:4])
        and not torch.equal(lstm(x)[0][:4], lstm(other)[0][:4])
    )


@cache
def fades() -> bool:
    """Whether the reverse half comes closer with each step ahead."""
    lstm, x = module(8, 16, bidirectional=True), randn(60, 1, 8)
    with torch.no_grad():
        complete, _ = lstm(x)
    errors = torch.tensor(
        [
            (script().with_look_ahead(lstm, x, 10, ahead) - complete).abs().max()
            for ahead in (0, 4, 8, 16)
        ]
    )
    return bool((errors.diff() < 0).all() and errors[2] < 0.03 * errors[0])


def are_those_of_the_whole() -> bool:
    """Whether steps by cells, and chunks by the module, are one call."""
    lstm, x = module(3, 2), randn(12, 5, 3)
    cells, chunks = script().Stream(lstm), script().ChunkStream(lstm)
    complete = lstm(x)[0]
    return torch.allclose(
        torch.stack([cells.feed(x_t) for x_t in x]), complete, atol=1e-6
    ) and torch.allclose(torch.cat([chunks.feed(part) for part in x.split(5)]), complete, atol=1e-6)


def finds_padding() -> bool:
    """Whether a convolution of a chunk is another at its beginning."""
    conv, x = torch.nn.Conv1d(3, 3, 3, padding=1), randn(1, 3, 10)
    complete, chunk = conv(x)[..., 5:], conv(x[..., 5:])
    return torch.allclose(chunk[..., 1:], complete[..., 1:], atol=1e-6) and (
        not torch.allclose(chunk[..., 0], complete[..., 0], atol=1e-3)
    )


def has_another_mean() -> bool:
    """Whether each chunk has other means, which depend on later steps."""
    x = randn(12, 1, 3)
    first, second = x[:6].mean(dim=0), x[6:].mean(dim=0)
    return not torch.allclose(first, second, atol=1e-2) and not torch.allclose(
        first, x.mean(dim=0), atol=1e-2
    )


def differs_by_dropout() -> bool:
    """Whether dropout that is on makes answers differ, and `eval` ends it."""
    lstm, x = module(3, 8, num_layers=2, dropout=0.5), randn(6, 1, 3)
    is_on = not torch.equal(lstm(x)[0], lstm(x)[0])
    lstm.eval()
    return is_on and torch.equal(lstm(x)[0], lstm(x)[0])


def refuses_another_number() -> bool:
    lstm = module(3, 2)
    _, state = lstm(randn(4, 5, 3))
    try:
        lstm(randn(1, 6, 3), state)
    except RuntimeError as error:
        return "Expected hidden[0] size" in str(error)
    return False


def passes_the_whole_group() -> bool:
    """Whether a group is read in one call."""
    lstm, lengths = module(3, 2), []
    lstm.register_forward_pre_hook(lambda _, x: lengths.append(len(x[0])))
    script().ChunkStream(lstm).feed(randn(7, 5, 3))
    return lengths == [7]


def grows_with_the_graph() -> bool:
    """Whether a state without `no_grad` keeps what came before it."""
    lstm, x = module(3, 2), randn(1, 1, 3).requires_grad_()
    _, state = lstm(x)
    for _ in range(3):
        _, state = lstm(randn(1, 1, 3), state)
    (grad,) = torch.autograd.grad(state[1].sum(), x)
    return grad.any()


def reads_a_few_steps() -> bool:
    conv, x = torch.nn.Conv1d(3, 3, 3, padding=1), randn(1, 3, 10)
    x.requires_grad_()
    (grad,) = torch.autograd.grad(conv(x)[..., 5].sum(), x)
    return grad.any(1).flatten().nonzero().flatten().tolist() == [4, 5, 6]
