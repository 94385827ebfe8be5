"""Where the parameters of an LSTM lie in memory."""

import inspect
from collections.abc import Mapping
from dataclasses import replace

import torch

from ..model.tensors import signature
from ..options import Value
from ..proof.subject import Record, Subject
from .module import version
from .setup import ran


def memory(module: torch.nn.Module) -> list[tuple[int, int, int]]:
    """Of each parameter: its storage, its place there, and its length."""
    parameters = list(module.parameters())
    storages = [p.untyped_storage().data_ptr() for p in parameters]
    each = list(dict.fromkeys(storages))
    return [
        (each.index(storage), int(p.storage_offset()), p.numel())
        for p, storage in zip(parameters, storages, strict=True)
    ]


def record(subject: Subject, _: Mapping[str, Value]) -> Record:
    """Look at a module as it is built, flattened, and in one storage.

    Returns:
        A record whose `built`, `flattened` and `joined` are what `memory`
        returns, for a module of the layer's sizes.
    """
    plain = replace(subject.weights, layer=0, direction="forward")
    built = signature((plain,), "LSTM").removeprefix("LSTM")
    setup = "\n".join(
        [
            inspect.getsource(memory),
            "",
            _SETUP.format(built=built),
        ]
    )
    found = ran(setup)
    names = ("built", "flattened", "joined")
    return Record(setup, version(), {name: found[name] for name in names})


_SETUP = """\
# Without values, for where they lie does not depend on them.
class Unset(torch.nn.LSTM):
    def reset_parameters(self):
        pass

flat = Unset{built}
built = memory(flat)
flat.flatten_parameters()
flattened = memory(flat)

# One tensor for all, and each parameter a view of it.
vector = flat.weight_ih_l0.new_empty(sum(p.numel() for p in flat.parameters()))
torch.nn.utils.vector_to_parameters(vector, flat.parameters())
joined = memory(flat)"""
