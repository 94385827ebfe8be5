import io

import torch

from tests.site.facts.common import module, raises, randn


def weights_only_reads_no_module():
    torch.save(module(), file := io.BytesIO())

    def read(weights_only):
        return torch.load(io.BytesIO(file.getvalue()), weights_only=weights_only)

    return raises("Weights only load failed", lambda: read(True)) and read(False).hidden_size == 2


def options_leave_no_trace():
    plain, other = module(num_layers=2), module(num_layers=2, batch_first=True, dropout=0.5)
    return str(plain.state_dict()) == str(other.state_dict())


def moved_by_half():
    """How far a result moves if the weights were saved in half precision."""
    lstm, x = module(8, 16), randn(20, 4, 8)
    before, _ = lstm(x)
    lstm.load_state_dict({k: v.half() for k, v in lstm.state_dict().items()})
    return ((lstm(x)[0] - before).abs().max() / before.abs().max()).item()
