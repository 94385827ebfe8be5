"""What `chunks` quotes."""

import inspect
import warnings

import torch

from tests.site.facts.common import module, randn


def state_axes(**options) -> tuple[int, ...]:
    """The shape of `h_n` after six steps of five sequences."""
    first = options.get("batch_first", False)
    x = randn(5, 6, 3) if first else randn(6, 5, 3)
    return tuple(module(3, 2, **options)(x)[1][0].shape)


def is_zero() -> bool:
    lstm, x, zero = module(3, 2), randn(6, 5, 3), torch.zeros(1, 5, 2)
    return torch.equal(lstm(x)[0], lstm(x, (zero, zero))[0])


def changes_no_number() -> bool:
    x = randn(3).requires_grad_()
    return torch.equal(x, x.detach()) and not x.detach().requires_grad


def belongs_to_its_column() -> bool:
    """Whether a column of the state depends on that sequence alone."""
    lstm, x = module(3, 2), randn(6, 2, 3)
    _, (h, _) = lstm(x)
    x[:, 1] += 1
    _, (other, _) = lstm(x)
    return torch.equal(h[:, 0], other[:, 0]) and not torch.equal(h, other)


def clears_its_column() -> bool:
    begins = torch.tensor([False, True, False])
    h = randn(1, 3, 2).requires_grad_()
    cleared = h.masked_fill(begins[:, None], 0)
    cleared.sum().backward()
    return cleared.any(2).tolist() == h.grad.any(2).tolist() == [[True, False, True]]


def are_rows_with_the_batch_first() -> bool:
    """Whether streams as rows have the same chunk."""
    rows = torch.arange(24).view(3, 8)
    return torch.equal(rows[:, 4:8].T, rows.T[4:8])


def retains(step: bool) -> str:
    """What PyTorch says of a second backward with the graph retained."""
    lstm = module(3, 2)
    optimizer = torch.optim.SGD(lstm.parameters(), lr=0.1)
    first, state = lstm(randn(4, 1, 3))
    first.sum().backward(retain_graph=True)
    if step:
        optimizer.step()
    try:
        lstm(randn(4, 1, 3), state)[0].sum().backward()
    except RuntimeError as error:
        return str(error)
    return ""


def left_of_the_first(steps: int) -> float:
    """How much of the first state a result feels after so many steps."""
    c_0 = torch.zeros(1, 1, 2, requires_grad=True)
    output, _ = module(3, 2)(randn(steps, 1, 3), (torch.zeros(1, 1, 2), c_0))
    (gradient,) = torch.autograd.grad(output[-1].sum(), c_0)
    return gradient.norm().item()


def goes_on() -> bool:
    """Whether a state that is passed, and only that, continues a call."""
    lstm, x = module(3, 2), randn(6, 1, 3)
    complete, _ = lstm(x)
    first, state = lstm(x[:4])
    second, _ = lstm(x[4:], state)
    return torch.allclose(torch.cat([first, second]), complete, atol=1e-6)


def starts_again() -> bool:
    lstm, x = module(3, 2), randn(6, 1, 3)
    zero = torch.zeros(1, 1, 2)
    lstm(x[:4])
    alone, _ = lstm(x[4:])
    return torch.equal(alone, lstm(x[4:], (zero, zero))[0])


def back_through(*, detached: bool) -> tuple[torch.Tensor, str]:
    """The gradient of a first chunk, and what a second backward says."""
    lstm, x = module(3, 2), randn(6, 1, 3).requires_grad_()
    first, state = lstm(x[:4])
    if detached:
        state = tuple(part.detach() for part in state)
    second, _ = lstm(x[4:], state)
    gradient, *_ = torch.autograd.grad(second.sum(), x, retain_graph=True)
    first.sum().backward()
    try:
        second.sum().backward()
    except RuntimeError as error:
        return gradient[:4], str(error)
    return gradient[:4], ""


def is_the_gradient_of_all() -> bool:
    """Whether backward of both chunks is that of the sum of both losses."""
    gradients = []
    for at_once in (True, False):
        lstm, x = module(3, 2), randn(6, 1, 3)
        first, state = lstm(x[:4])
        second, _ = lstm(x[4:], state)
        if at_once:
            (first.sum() + second.sum()).backward()
        else:
            first.sum().backward(retain_graph=True)
            second.sum().backward()
        gradients.append(lstm.weight_hh_l0.grad)
    return torch.allclose(*gradients, atol=1e-5)


class Holds(torch.nn.Module):
    """A module that starts from its attribute, or pays no heed to it."""

    def __init__(self, *, uses: bool) -> None:
        super().__init__()
        self.lstm, self.uses = module(3, 2), uses
        self.hidden = None

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if not self.uses:
            return self.lstm(x)[0]
        output, self.hidden = self.lstm(x, self.hidden)
        return output


def attribute_matters(*, uses: bool) -> bool:
    """Whether another attribute of a module gives another output."""
    model, x = Holds(uses=uses), randn(6, 1, 3)
    before = model(x)
    model.hidden = randn(1, 1, 2), randn(1, 1, 2, seed=1)
    return not torch.equal(model(x), before)


def goes_on_where_it_ended() -> bool:
    """Whether a module that puts its state back continues the last call."""
    model, x = Holds(uses=True), randn(6, 1, 3)
    complete, _ = model.lstm(x)
    halves = torch.cat([model(x[:4]), model(x[4:])])
    return torch.allclose(halves, complete, atol=1e-6)


def warns_of_nothing() -> bool:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        return starts_again() and not caught


def carries_what_it_does_not_learn_from() -> bool:
    """Whether a detached state holds the chunk before, without a gradient."""
    lstm, x = module(3, 2), randn(6, 1, 3)
    _, state = lstm(x[:4])
    second, _ = lstm(x[4:], tuple(part.detach() for part in state))
    is_carried = torch.allclose(second, lstm(x)[0][4:], atol=1e-6)
    return is_carried and not back_through(detached=True)[0].any()


def nodes_behind(result: torch.Tensor) -> int:
    """How many nodes of a graph a result holds."""
    visited, todo = set(), [result.grad_fn]
    while todo:
        node = todo.pop()
        if node is not None and node not in visited:
            visited.add(node)
            todo += [after for after, _ in node.next_functions]
    return len(visited)


def graphs_of_calls(*, detached: bool) -> list[int]:
    """How many nodes the output of each of three calls holds."""
    lstm, state, sizes = module(3, 2), None, []
    for _ in range(3):
        output, state = lstm(randn(4, 1, 3), state)
        sizes.append(nodes_behind(output))
        if detached:
            state = tuple(part.detach() for part in state)
    return sizes


def sum_holds_all_graphs() -> bool:
    """Whether a sum of losses holds more than one, and `item` of none."""
    lstm = module(3, 2)
    losses = [lstm(randn(4, 1, 3))[0].sum() for _ in range(3)]
    return nodes_behind(sum(losses)) > nodes_behind(losses[0]) and isinstance(
        sum(loss.item() for loss in losses), float
    )


def has_no_graph_in_use() -> bool:
    with torch.inference_mode():
        output, _ = module(3, 2)(randn(4, 1, 3))
    return output.grad_fn is None


def loads_one_at_a_time() -> bool:
    """Whether a loader without batches asks for an item when it is due."""
    asked_for: list[int] = []

    class Chunks(torch.utils.data.Dataset):
        def __len__(self) -> int:
            return 4

        def __getitem__(self, k: int) -> torch.Tensor:
            asked_for.append(k)
            return randn(5, 2)

    chunks = iter(torch.utils.data.DataLoader(Chunks(), batch_size=None))
    first = next(chunks)
    return first.shape == (5, 2) and asked_for == [0]


def has_no_argument_for_a_reset() -> bool:
    names = [*inspect.signature(torch.nn.LSTM.forward).parameters]
    return names == ["self", "input", "hx"]


def would_read_twice() -> bool:
    """Whether a chunk that begins earlier ends in another state."""
    lstm, x = module(3, 2), randn(10, 1, 3)
    _, state = lstm(x[:6])
    complete = lstm(x)[0][-1]
    return torch.allclose(lstm(x[6:], state)[0][-1], complete, atol=1e-6) and not torch.allclose(
        lstm(x[4:], state)[0][-1], complete, atol=1e-4
    )


def may_be_shuffled() -> bool:
    """Whether an order changes nothing of chunks from zeros, else much."""
    lstm, chunks = module(3, 2), randn(12, 1, 3).split(4)
    forwards = [lstm(chunk)[0] for chunk in chunks]
    backwards = [lstm(chunk)[0] for chunk in chunks[::-1]][::-1]
    in_order, reordered = lstm(torch.cat(chunks))[0], lstm(torch.cat(chunks[::-1]))[0]
    return all(map(torch.equal, forwards, backwards)) and not torch.allclose(
        in_order[:4], reordered[8:], atol=1e-3
    )


def ends_with_its_beginning() -> bool:
    """Whether `roll` says that the first follows the last.

    The last of the whole text has nothing behind it.
    """
    text, chunk = torch.arange(1, 10), torch.arange(1, 5)
    return torch.roll(chunk, -1)[-1] == chunk[0] != text[4] and (len(text[1:]) == len(text) - 1)


def needs_all_steps_in_order() -> bool:
    lstm, x = module(3, 2), randn(6, 1, 3)
    complete = lstm(x)[0][-1]
    return not any(
        torch.allclose(lstm(x[order])[0][-1], complete, atol=1e-3)
        for order in ([0, 1, 2, 4, 5], [0, 1, 3, 2, 4, 5])
    )


def starts_at_random() -> bool:
    """Whether a random first state changes the first outputs, in `eval` too."""
    lstm, x = module(3, 2).eval(), randn(6, 1, 3)
    starts = [(randn(1, 1, 2, seed=k), randn(1, 1, 2, seed=9)) for k in (1, 2)]
    first, second = (lstm(x, start)[0] for start in starts)
    return not torch.allclose(first[0], second[0], atol=1e-3)


def meets_a_graph_that_is_freed() -> bool:
    """Whether both parts of a state have to go back in the same call."""
    lstm, x, sent = module(3, 2), randn(6, 1, 3), randn(2, 1, 1, 2)
    torch.autograd.backward(lstm(x)[1], tuple(sent))
    h, c = lstm(x)[1]
    h.backward(sent[0])
    try:
        c.backward(sent[1])
    except RuntimeError as error:
        return "a second time" in str(error)
    return False


def next_values() -> tuple[bool, bool]:
    """Whether the next ones follow in one call, and from the first state."""
    lstm, x, state = module(3, 2), randn(6, 1, 3), tuple(randn(2, 1, 1, 2))
    _, after = lstm(x[:1], state)
    output, _ = lstm(x, state)
    results = (lstm(x[1:], start)[0] for start in (after, state))
    first, second = (torch.allclose(output[1:], result, atol=1e-5) for result in results)
    return first, second
