import torch

from tests.site.facts.common import close, module, randn, session


def change_of_c(c):
    """How much `c` changes if it was one larger before: what is kept of it."""
    torch.manual_seed(0)
    cell, x, h = torch.nn.LSTMCell(3, 2), randn(1, 3).expand(2, 3), randn(1, 2).expand(2, 2)
    return cell(x, (h, torch.tensor([[c] * 2, [c + 1] * 2])))[1].diff(dim=0)


def from_session(name):
    return session("cell-variants")[name]


def twin(name, **options):
    """A cell of the page that has the weights of a module."""
    return from_session("with_weights_of")(module(), from_session(name)(3, 2, **options))


def outputs_of(cell):
    return from_session("run")(cell, randn(5, 1, 3))[0]


def peephole_sees_its_own_c_alone():
    cell, x, h = from_session("PeepholeCell")(3, 4), randn(1, 3), randn(1, 4)
    torch.nn.init.constant_(cell.peephole, 0.5)
    jacobian = torch.autograd.functional.jacobian(lambda c: cell(x, h, c)[1], randn(1, 4))
    return torch.equal(jacobian[0, :, 0] != 0, torch.eye(4) == 1) and cell.peephole.shape == (3, 4)


@torch.no_grad()
def largest_h(name):
    """The largest `h` of a cell with large weights."""
    cell = from_session(name)(3, 2)
    for parameter in cell.parameters():
        parameter.fill_(2)
    return from_session("run")(cell, torch.ones(20, 1, 3))[0].max().item()


def locked_dropout(*shape):
    torch.manual_seed(0)
    return from_session("LockedDropout")(p=0.5)(torch.ones(*shape))


def output_with_dropped(p):
    return from_session("weight_dropped")(module(), randn(5, 1, 3), p=p)[0]


def weight_normed():
    return torch.nn.utils.parametrizations.weight_norm(module(), "weight_hh_l0")


def coupled_c_stays_within_one():
    torch.manual_seed(0)
    _, (_, c) = from_session("run")(from_session("CoupledCell")(3, 2), 99 * randn(50, 400, 3))
    return bool(0.99 < c.abs().max() <= 1)


def zoneout_keeps_or_mixes():
    """Zoned states are old or new in training, means in `eval`."""
    x, old, zoned = randn(9, 3), randn(2, 9, 2), twin("ZoneoutCell")
    zoned.p = 0.3
    new, kept_states = (torch.stack(cell(x, *old)) for cell in (from_session("cell"), zoned))
    mixed = torch.stack(zoned.eval()(x, *old))
    is_old = kept_states == old
    return (
        torch.where(is_old, old, new).equal(kept_states)
        and 0 < is_old.double().mean() < 1
        and close(0.3 * old + 0.7 * new, mixed)
    )
