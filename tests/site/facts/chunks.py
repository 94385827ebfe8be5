"""What `chunks` quotes."""

import torch

from tests.site.facts.common import drawn, module
from tests.site.quoting import asked, figure, network


def state_axes(**options) -> tuple[int, ...]:
    """The shape of `h_n` after six steps of five sequences."""
    first = options.get("batch_first", False)
    x = drawn(5, 6, 3) if first else drawn(6, 5, 3)
    return tuple(module(3, 2, **options)(x)[1][0].shape)


def is_zero() -> bool:
    lstm, x, zero = module(3, 2), drawn(6, 5, 3), torch.zeros(1, 5, 2)
    return torch.equal(lstm(x)[0], lstm(x, (zero, zero))[0])


def changes_no_number() -> bool:
    x = drawn(3).requires_grad_()
    return torch.equal(x, x.detach()) and not x.detach().requires_grad


def belongs_to_its_column() -> bool:
    """Whether a column of the state depends on that sequence alone."""
    lstm, x = module(3, 2), drawn(6, 2, 3)
    _, (h, _) = lstm(x)
    x[:, 1] += 1
    _, (other, _) = lstm(x)
    return torch.equal(h[:, 0], other[:, 0]) and not torch.equal(h, other)


def clears_its_column() -> bool:
    begins = torch.tensor([False, True, False])
    h = drawn(1, 3, 2).requires_grad_()
    cleared = h.masked_fill(begins[:, None], 0)
    cleared.sum().backward()
    return (
        cleared.any(2).tolist()
        == h.grad.any(2).tolist()
        == [[True, False, True]]
    )


def are_rows_with_the_batch_first() -> bool:
    """Whether streams as rows have the same chunk."""
    rows = torch.arange(24).view(3, 8)
    return torch.equal(rows[:, 4:8].T, rows.T[4:8])


def retains(step: bool) -> str:
    """What PyTorch says of a second backward with the graph retained."""
    lstm = module(3, 2)
    optimizer = torch.optim.SGD(lstm.parameters(), lr=0.1)
    first, state = lstm(drawn(4, 1, 3))
    first.sum().backward(retain_graph=True)
    if step:
        optimizer.step()
    try:
        lstm(drawn(4, 1, 3), state)[0].sum().backward()
    except RuntimeError as error:
        return str(error)
    return ""


def left_of_the_first(steps: int) -> float:
    """How much of the first state a result feels after so many steps."""
    c_0 = torch.zeros(1, 1, 2, requires_grad=True)
    output, _ = module(3, 2)(drawn(steps, 1, 3), (torch.zeros(1, 1, 2), c_0))
    (gradient,) = torch.autograd.grad(output[-1].sum(), c_0)
    return gradient.norm().item()


def goes_on() -> bool:
    """Whether a state that is passed, and only that, continues a call."""
    lstm, x = module(3, 2), drawn(6, 1, 3)
    whole, _ = lstm(x)
    first, state = lstm(x[:4])
    second, _ = lstm(x[4:], state)
    return torch.allclose(torch.cat([first, second]), whole, atol=1e-6)


def starts_again() -> bool:
    lstm, x = module(3, 2), drawn(6, 1, 3)
    zero = torch.zeros(1, 1, 2)
    lstm(x[:4])
    alone, _ = lstm(x[4:])
    return torch.equal(alone, lstm(x[4:], (zero, zero))[0])


def back_through(*, detached: bool) -> tuple[torch.Tensor, str]:
    """The gradient of a first chunk, and what a second backward says."""
    lstm, x = module(3, 2), drawn(6, 1, 3).requires_grad_()
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
    found = []
    for at_once in (True, False):
        lstm, x = module(3, 2), drawn(6, 1, 3)
        first, state = lstm(x[:4])
        second, _ = lstm(x[4:], state)
        if at_once:
            (first.sum() + second.sum()).backward()
        else:
            first.sum().backward(retain_graph=True)
            second.sum().backward()
        found.append(lstm.weight_hh_l0.grad)
    return torch.allclose(*found, atol=1e-5)


FACTS = (
    *asked(
        (
            "Longer chunks let it learn from further back",
            lambda: back_through(detached=False)[0].any(),
            lambda: not back_through(detached=True)[0].any(),
        ),
        (
            "To continue where the last call ended, pass the state that it "
            "returned. The chunks then give what the whole sequence gives.",
            goes_on,
        ),
        (
            "Without it the second chunk starts from zeros again",
            starts_again,
        ),
        (
            "The module remembers nothing from one call to the next. Call it "
            "again with the same input, and it gives the same output.",
            starts_again,
        ),
        (
            "for the second chunk the state is a given, and no gradient goes "
            "back to the first",
            lambda: not back_through(detached=True)[0].any(),
        ),
        (
            "no gradient reaches beyond the first step of a stretch",
            lambda: not back_through(detached=True)[0].any(),
        ),
        (
            "The gradient is not small there but exactly zero.",
            lambda: not back_through(detached=True)[0].any(),
        ),
        (
            "If it is not, the second `backward` continues into the first "
            "chunk, and the graph of that chunk has been freed already.",
            lambda: "second time" in back_through(detached=False)[1],
            lambda: back_through(detached=True)[1] == "",
        ),
        (
            "Each `backward` then goes through all chunks before it, so they "
            "become slower and slower, and together they give the gradient of "
            "the whole sequence",
            is_the_gradient_of_all,
        ),
        (
            "One `backward` of the sum of all losses gives the same, and goes "
            "back only once.",
            is_the_gradient_of_all,
        ),
        (
            "since there the first steps count most; after a long sequence "
            "little of the first state is left",
            lambda: left_of_the_first(50) < 1e-3 < left_of_the_first(3),
        ),
        (
            "Column n of each batch has to continue column n of the batch "
            "before, because the state in that column belongs to it.",
            belongs_to_its_column,
        ),
        (
            "With `batch_first=True` leave out the `.T`: the streams are rows "
            "then, and a chunk is `streams[:, start : start + 4]`.",
            are_rows_with_the_batch_first,
        ),
        *(
            (words, clears_its_column)
            for words in (
                "clear their columns and keep the others",
                "clear those columns, and go on",
                "No gradient passes such a boundary either, because "
                "`masked_fill` has none there.",
            )
        ),
        (
            "The message above suggests `retain_graph=True`, and in a training "
            "loop that leads to another error.",
            lambda: "inplace operation" in retains(step=True),
        ),
        (
            "Only if no step comes between does `retain_graph=True` run.",
            lambda: retains(step=False) == "",
        ),
        (
            "pass `None` or no state at all, which means zeros",
            is_zero,
        ),
        (
            "The batch is the second axis of a state, with `batch_first=True` "
            "as well.",
            lambda: state_axes() == (1, 5, 2) == state_axes(batch_first=True),
        ),
        (
            "The first axis counts layers and directions",
            lambda: state_axes(num_layers=3, bidirectional=True)[0] == 3 * 2,
        ),
        ("If you pass no state, `nn.LSTM` starts from zeros.", is_zero),
        ("Passing zeros yourself gives the same result, bit for bit.", is_zero),
        ("`detach` changes no number.", changes_no_number),
    ),
    *figure(
        (
            "the gradient goes on to the first step and to the state before "
            "it, and each step back gets less of it",
            "handed[0][0].any() and all(part.any() for part in handed[1:])",
            "all(a.norm() < b.norm() "
            "for a, b in zip(handed[0], handed[0][1:]))",
        ),
        (
            "everything before the second chunk gets exactly zero",
            "not any(part.any() for part in "
            "(detached[0][:2], *detached[1:])) and bool(detached[0][2:].all())",
        ),
        ("is run in {:word} chunks", "len((handed[0][:2], handed[0][2:]))"),
    ),
    *network(
        "cell",
        (
            "{:word} layers in two directions have {:word} first states",
            "torch.nn.LSTM(3, 2, 2, bidirectional=True).num_layers",
            "len(torch.nn.LSTM(3, 2, 2, bidirectional=True)(x)[1][0])",
        ),
    ),
)
