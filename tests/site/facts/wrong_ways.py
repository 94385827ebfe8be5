import torch

from tests.site.facts.common import close, filled, module, randn, refusal, returned


def reverse_needs_packing():
    lstm, x = module(bidirectional=True), randn(2, 1, 3)
    right, (h_n, _) = lstm(x)
    padded, (h_padded, _) = lstm(torch.cat([x, 0 * x]))
    reverse = torch.isclose(right[..., 2:], padded[:2, :, 2:], atol=1e-6)
    is_wrong = not close(h_n[0], h_padded[0], 1e-3) and not reverse.all(dim=2).any()
    return is_wrong and close(right[..., :2], padded[:2, :, :2])


def band_order_matters():
    lstm, x = module(), randn(4, 1, 3)
    bands = {name: weight.chunk(4) for name, weight in lstm.state_dict().items()}
    moved = module()
    moved.load_state_dict({k: torch.cat([i, o, f, g]) for k, (i, f, g, o) in bands.items()})
    return not close(lstm(x)[0], moved(x)[0], 1e-2)


def view_only_counts_off():
    h_n = returned(bidirectional=True)[1][0]
    view = h_n.view(5, -1)
    is_counted = torch.equal(view.flatten(), h_n.flatten())
    return is_counted and not torch.equal(view, h_n.transpose(0, 1).flatten(1))


def felt_from(row, place):
    """What of an input a result feels that stands there in both axes."""
    x = randn(4, 5, 3).requires_grad_()
    module()(x)[0][row, place].sum().backward()
    return x.grad.any(dim=2).tolist()


def batch_is_read_as_steps():
    return felt_from(2, 3) == [[b <= 2 and t == 3 for t in range(5)] for b in range(4)]


def readout_fits_one_direction():
    return not refusal(lambda: torch.nn.Linear(2, 1)(returned(bidirectional=True)[1][0][-1]))


def mistakes_raise_no_error():
    return (
        view_only_counts_off()
        and readout_fits_one_direction()
        and batch_is_read_as_steps()
        and reverse_needs_packing()
        and band_order_matters()
    )


def is_kept_by(bias_ih, bias_hh):
    """What a step keeps of a cell state with these forget biases."""
    cell = filled(
        torch.nn.LSTMCell(1, 1), 0, bias_ih=[0, bias_ih, 0, 0], bias_hh=[0, bias_hh, 0, 0]
    )
    return cell(torch.zeros(1), (torch.zeros(1), torch.ones(1)))[1].item()
