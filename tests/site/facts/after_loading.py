import io

import torch

from tests.site.facts.common import module, raises, randn, refusal


def reads_no_module() -> bool:
    file = io.BytesIO()
    torch.save(module(), file)
    file.seek(0)
    refused = raises("Weights only load failed", lambda: torch.load(file, weights_only=True))
    file.seek(0)
    return refused and "weight_hh_l0" in torch.load(file, weights_only=False).state_dict()


def is_random(training: bool) -> bool:
    lstm = module(3, 4, num_layers=2, dropout=0.5).train(training)
    return not torch.equal(lstm(randn(4, 1, 3))[0], lstm(randn(4, 1, 3))[0])


def leaves_no_trace(**options: object) -> bool:
    plain, other = (module(num_layers=2, **o).state_dict() for o in ({}, options))
    return [*plain] == [*other] and all(map(torch.equal, plain.values(), other.values()))


def is_refused(option: str) -> bool:
    sizes = {"input_size": 3, "hidden_size": 2}
    saved = torch.nn.LSTM(**sizes).state_dict()
    other = torch.nn.LSTM(**(sizes | {option: True if option == "bidirectional" else 4}))
    return bool(refusal(lambda: other.load_state_dict(saved)))


def moved_by_half() -> float:
    """How far a result moves whose weights were saved in half precision."""
    lstm, x = module(8, 16), randn(20, 4, 8)
    before, _ = lstm(x)
    lstm.load_state_dict({k: v.half() for k, v in lstm.state_dict().items()})
    return ((lstm(x)[0] - before).abs().max() / before.abs().max()).item()


def holds_what_it_knows() -> bool:
    model = torch.nn.Module()
    model.parameter, model.part = torch.nn.Parameter(randn(2)), module()
    model.register_buffer("kept", randn(2))
    model.plain, model.cells = randn(2), [torch.nn.LSTMCell(3, 2)]
    return {name.partition(".")[0] for name in model.state_dict()} == {"parameter", "part", "kept"}
