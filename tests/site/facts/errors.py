import torch
from torch.nn.functional import mse_loss
from torch.nn.utils import prune

from tests.processor import has_onednn
from tests.site.facts import half_precision
from tests.site.facts.common import module, quietly, randn, refusal


def lstm_output():
    return module()(randn(4, 1, 3))[0]


def expected(batch, *size, **options):
    """The sizes, as PyTorch's message has them, of a state that does not fit."""
    states = randn(*size), randn(*size)
    message = refusal(lambda: module(**options)(randn(4, batch, 3), states))
    return message.removeprefix("Expected hidden[0] size ")


def cell(x, state):
    return torch.nn.LSTMCell(5, 3)(x, (state, state))


def of_state(dtype):
    """The error of a float32 module for a state of a dtype."""
    return half_precision.with_state(torch.float32, dtype)


def to_moves_buffers_alone():
    model = torch.nn.Module()
    model.h0 = torch.zeros(1)
    model.register_buffer("kept", torch.zeros(1))
    return model.to("meta").kept.is_meta and not model.h0.is_meta


def flags_switch_cudnn_off():
    with torch.backends.cudnn.flags(enabled=False):
        inside = torch.backends.cudnn.enabled
    return torch.backends.cudnn.enabled and not inside


def flags_switch_onednn_off():
    with torch.backends.mkldnn.flags(enabled=False):
        inside = lstm_output().grad_fn.name()
    return "Mkldnn" not in inside and ("Mkldnn" in lstm_output().grad_fn.name()) == has_onednn()


def added_names(**options):
    """The names that an option adds to a module, or takes away."""
    return {*module(**options).state_dict()} ^ {*module().state_dict()}


def prefixes():
    """What `DataParallel` and `torch.compile` put before the names of weights."""
    wrapped = torch.nn.DataParallel(module()), quietly(torch.compile, module())
    return [next(iter(model.state_dict())).removesuffix("weight_ih_l0") for model in wrapped]


def names_of_pruning():
    pruned = module()
    prune.l1_unstructured(pruned, "weight_hh_l0", 0.5)
    names = {*pruned.state_dict()} ^ {*module().state_dict()}
    prune.remove(pruned, "weight_hh_l0")
    assert {*pruned.state_dict()} == {*module().state_dict()}
    return names


def without_a_weight():
    """What a module says without a weight, when it is read and when it is called."""
    lstm = module()
    del lstm._parameters["weight_hh_l0"]
    lstm.to("cpu")
    return refusal(lambda: lstm.weight_hh_l0), refusal(lambda: lstm(randn(4, 1, 3)))


def missing_weights_stay():
    both, before = (module(bidirectional=True) for _ in range(2))
    both.load_state_dict(torch.nn.LSTM(3, 2).state_dict(), strict=False)
    return torch.equal(both.weight_ih_l0_reverse, before.weight_ih_l0_reverse)


def loss_broadcasts(loss=mse_loss):
    return quietly(loss, randn(4, 1), randn(4), reduction="none").shape == (4, 4)


def clip_infinite():
    number = torch.nn.Parameter(torch.zeros(1))
    number.grad = torch.full((1,), torch.inf)
    torch.nn.utils.clip_grad_norm_([number], 1.0, error_if_nonfinite=True)


def of_a_chain(keeps_graph, steps, cuts=False):
    """The error of `backward` at the second of two chunks that pass the state."""
    lstm, state = module(), None
    optimizer = torch.optim.SGD(lstm.parameters(), lr=0.1)

    def train():
        nonlocal state
        for chunk in randn(4, 1, 3).split(2):
            output, state = lstm(chunk, state)
            output.sum().backward(retain_graph=keeps_graph)
            if steps:
                optimizer.step()
            if cuts:
                state = tuple(part.detach() for part in state)

    return refusal(train)


def outputs_require_gradients():
    output = lstm_output()
    outputs = [output.detach(), output.data, output.argmax(), torch.tensor(output.sum().item())]
    outputs += [context()(lstm_output)() for context in (torch.no_grad, torch.inference_mode)]
    return [output.requires_grad for output in outputs]
