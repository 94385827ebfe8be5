"""Record the calls of an LSTM in a TorchScript model, which takes no hooks.

TorchScript calls operators of torch with the parameters of a module. While a model
runs, these operators also record their arguments; they compute the same.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch

from ..errors import UnsupportedModule, UsageError

KEYS = {"cpu": "CPU", "cuda": "CUDA"}
"""The dispatch keys of devices."""

Record = Callable[[Any, tuple[Any, ...], dict[str, Any], Any], None]
"""Takes a module, its positional and keyword arguments, and what it returned."""


def is_scripted_lstm(model: Any) -> bool:
    """Whether a module of TorchScript was made from an LSTM or an LSTMCell."""
    kinds = ("LSTM", "LSTMCell")
    return isinstance(model, torch.jit.ScriptModule) and model.original_name in kinds


@contextmanager
def recording(part: Any, record: Record) -> Iterator[None]:
    """Record the calls of an LSTM of TorchScript as those of an equal module of torch.

    Raises:
        UnsupportedModule: If it is not an LSTM.
        UsageError: If it has no parameters.
    """
    if not is_scripted_lstm(part):
        raise UnsupportedModule(
            f"got {part.original_name} from TorchScript, expected an LSTM or LSTMCell; name "
            "the one inside it"
        )
    weights = dict(part.named_parameters())
    weight = next((tensor for name, tensor in weights.items() if "weight_ih" in name), None)
    if weight is None or weight.device.type not in KEYS:
        raise UsageError(
            "got an LSTM from TorchScript without parameters on the CPU or a GPU, expected its "
            "parameters; load the model before it is frozen"
        )
    # Operators get the parameters as new tensors, at the same address.
    address = weight.data_ptr()
    modules: dict[tuple[Any, ...], Any] = {}

    def equal_module(kind: Any, *sizes: int, **options: Any) -> Any:
        """A module of torch with the parameters of the one in TorchScript."""
        key = (*sizes, *options.items())
        if key not in modules:
            module = kind(*sizes, **options, dtype=weight.dtype, device="meta")
            module.load_state_dict(weights, assign=True)
            modules[key] = module
        return modules[key]

    def lstm_cell(
        x: torch.Tensor,
        hx: Sequence[torch.Tensor],
        w_ih: torch.Tensor,
        w_hh: torch.Tensor,
        b_ih: torch.Tensor | None = None,
        b_hh: torch.Tensor | None = None,
    ) -> Any:
        returned = torch.ops.aten.lstm_cell.default.decompose(x, hx, w_ih, w_hh, b_ih, b_hh)
        if w_ih.data_ptr() == address:
            sizes = w_ih.shape[1], w_hh.shape[1]
            module = equal_module(torch.nn.LSTMCell, *sizes, bias=b_ih is not None)
            record(module, (x, tuple(hx)), {}, returned)
        return returned

    def lstm(
        x: torch.Tensor,
        hx: Sequence[torch.Tensor],
        params: Sequence[torch.Tensor],
        has_biases: bool,
        num_layers: int,
        dropout: float,
        train: bool,
        bidirectional: bool,
        batch_first: bool,
    ) -> Any:
        options = (has_biases, num_layers, dropout, train, bidirectional, batch_first)
        returned = torch.ops.aten.lstm.input.decompose(x, hx, params, *options)
        if params[0].data_ptr() == address:
            hidden_size, proj_size = hx[1].shape[-1], hx[0].shape[-1]
            module = equal_module(
                torch.nn.LSTM,
                params[0].shape[1],
                hidden_size,
                num_layers=num_layers,
                bias=has_biases,
                dropout=dropout,
                bidirectional=bidirectional,
                batch_first=batch_first,
                proj_size=proj_size if proj_size < hidden_size else 0,
            ).train(train)
            record(module, (x, tuple(hx)), {}, (returned[0], tuple(returned[1:])))
        return returned

    with torch.library._scoped_library("aten", "IMPL") as library:
        library.impl("lstm_cell", lstm_cell, KEYS[weight.device.type])
        library.impl("lstm.input", lstm, KEYS[weight.device.type])
        yield
