import torch

from tests.site.facts.common import close, module, randn, session


def is_silent(band):
    """Whether a unit shows nothing if its rows in this band are zero."""
    lstm = module(3, 4)
    for parameter in lstm.parameters():
        parameter.data["ifgo".index(band) * 4 + 1] = 0
    return not lstm(randn(5, 1, 3))[0][..., 1].any()


def moves(make, *gradients):
    """Whether an optimizer moves a number by the last of these gradients."""
    number = torch.nn.Parameter(torch.ones(1))
    optimizer = make([number])
    for gradient in gradients:
        before = number.item()
        number.grad = torch.tensor([gradient])
        optimizer.step()
    return number.item() != before


def have_same_output(lstm_before, readout_before, lstm_after, readout_after):
    x = randn(6, 2, 3)
    return close(readout_before(lstm_before(x)[0]), readout_after(lstm_after(x)[0]))


def network():
    return module(3, 4), torch.nn.Linear(4, 2)


def with_units(units):
    return session("edit-units")["keep"](*network(), torch.tensor(units))


def unread_removal_is_exact():
    lstm, readout = network()
    for weight in (lstm.weight_hh_l0, readout.weight):
        weight.data[:, 1] = 0
    smaller = session("edit-units")["keep"](lstm, readout, torch.tensor([0, 2, 3]))
    return have_same_output(lstm, readout, *smaller)


def split_and_merged():
    lstm, readout = network()
    wider, halved = session("edit-units")["split"](lstm, readout, 1)
    is_split = have_same_output(lstm, readout, wider, halved) and torch.equal(
        wider.weight_hh_l0[:4, 1], lstm.weight_hh_l0[:4, 1] / 2
    )
    return is_split, have_same_output(
        lstm, readout, *session("edit-units")["merge"](wider, halved, 1, 4)
    )


def fold_adds_a_mean():
    lstm, readout = network()
    bias = readout.bias + 0.5 * readout.weight[:, 2]
    session("edit-units")["fold"](lstm, readout, 2, 0.5)
    return close(readout.bias, bias)


def removal_changes_later_steps():
    others, x = [0, 1, 3], randn(6, 2, 3)
    changed = (with_units(others)[0](x)[0] - module(3, 4)(x)[0][..., others]).abs() > 1e-5
    return not changed[0].any() and bool(changed[1:].any(2).any(1).all())
