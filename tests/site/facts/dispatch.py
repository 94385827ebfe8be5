import torch
from torch.nn.utils.rnn import pack_padded_sequence

from lstm_figs.figures.dispatch.backends import BACKEND_ORDER
from tests.site.facts.common import module, randn, session, warned


def operators(model, *inputs):
    return [*session("dispatch")["operators"](model, *inputs)]


def native():
    return operators(module().double(), randn(5, 1, 3).double())


def without_gradients():
    with torch.no_grad():
        return native()


def torch_projects_at_each_step():
    names = []
    warning = warned(lambda: names.extend(operators(module(proj_size=1), randn(5, 1, 3))))
    products = sum(name in ("linear", "matmul") for name in names)
    return products >= native().count("linear") + 5 and all(
        "with projections is not supported" in line for line in {*warning.splitlines()}
    )


def packed_runs_like_a_tensor(*lengths):
    packed = pack_padded_sequence(randn(5, 2, 3), [*lengths])
    return "mkldnn_rnn_layer" in operators(module(), packed)


def eval_has_double_backward():
    lstm, x = module().eval(), randn(5, 1, 3).requires_grad_()
    (once,) = torch.autograd.grad(lstm(x)[0].sum(), x, create_graph=True)
    once.norm().backward()
    return bool(x.grad.any())


def backends_without_packed():
    return {*BACKEND_ORDER["lstm"]} - {*BACKEND_ORDER["packed"]}
