"""What `wrong-ways` quotes."""

import math

import torch

from tests.site.facts.common import module, randn, refusal, returned


def counts_steps() -> list[int]:
    """Where along the first axis a result feels the first of an input."""
    x = randn(4, 5, 3)
    before, _ = module(3, 2)(x)
    x[0] += 1
    after, _ = module(3, 2)(x)
    return (before != after).any(2).any(1).nonzero().flatten().tolist()


def sigmoid(bias: float) -> float:
    return 1 / (1 + math.exp(-bias))


def is_wrong_without_packing() -> bool:
    """Whether padding changes `h_n` and all of the reverse direction."""
    lstm, x = module(3, 2, bidirectional=True), randn(4, 1, 3)
    right, (h_n, _) = lstm(x[:2])
    padded, (h_padded, _) = lstm(torch.cat([x[:2], torch.zeros(2, 1, 3)]))
    forward = torch.allclose(right[..., :2], padded[:2, :, :2], atol=1e-6)
    reverse = torch.isclose(right[..., 2:], padded[:2, :, 2:], atol=1e-6)
    is_wrong = not torch.allclose(h_n[0], h_padded[0], atol=1e-3)
    return forward and is_wrong and not reverse.all(dim=2).any()


def is_wrong_in_another_order() -> bool:
    """Whether bands in the order of ONNX load, and give other numbers."""
    lstm, x = module(3, 2), randn(4, 1, 3)
    before, _ = lstm(x)
    order = [0, 3, 1, 2]
    lstm.load_state_dict(
        {
            name: torch.cat([tensor.chunk(4)[k] for k in order])
            for name, tensor in lstm.state_dict().items()
        }
    )
    return not torch.allclose(lstm(x)[0], before, atol=1e-2)


def counts_off() -> bool:
    """Whether a view has the numbers in the order in which they stood."""
    _, (h_n, _) = returned(bidirectional=True)
    view = h_n.view(5, -1)
    same = torch.equal(view.flatten(), h_n.flatten())
    return same and not torch.equal(view, h_n.transpose(0, 1).flatten(1))


def felt_from(row: int, place: int) -> list[list[bool]]:
    """What of an input a result feels that stands there in both axes."""
    x = randn(4, 5, 3).requires_grad_()
    module(3, 2)(x)[0][row, place].sum().backward()
    return x.grad.any(dim=2).tolist()


def is_read_across() -> bool:
    """Whether sequences that come first are read one into the next."""
    up_to = [[b <= 2 and t == 3 for t in range(5)] for b in range(4)]
    return felt_from(2, 3) == up_to


def fits_one_direction() -> bool:
    _, (h_n, _) = returned(bidirectional=True)
    return not refusal(lambda: torch.nn.Linear(2, 1)(h_n[-1]))


def moves_on_over_zeros() -> bool:
    lstm, x = module(3, 2), randn(4, 1, 3)
    _, state = lstm(x)
    _, (_, c_n) = lstm(torch.zeros(2, 1, 3), state)
    return not torch.allclose(c_n, state[1], atol=1e-3)


def raises_no_error() -> bool:
    """Whether the mistakes pass, with other numbers than the right way."""
    return all(
        (
            counts_off(),
            fits_one_direction(),
            is_read_across(),
            is_wrong_without_packing(),
            is_wrong_in_another_order(),
        )
    )


def is_kept_by(bias_ih: float, bias_hh: float) -> float:
    """What a step keeps of a cell state with these forget biases."""
    cell = torch.nn.LSTMCell(1, 1)
    with torch.no_grad():
        for parameter in cell.parameters():
            parameter.zero_()
        cell.bias_ih[1], cell.bias_hh[1] = bias_ih, bias_hh
        _, c = cell(torch.zeros(1), (torch.zeros(1), torch.ones(1)))
    return c.item()
