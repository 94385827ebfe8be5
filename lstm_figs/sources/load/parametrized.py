"""Recognise parameters that a file has only in parametrized form.

Weight norm, spectral norm, pruning and every other parametrization of torch
replace a parameter in the state dict by tensors that it is computed from.
"""

import re
from collections.abc import Iterable, Mapping

from ...errors import InputError
from ...names import quoted_name, quoted_names
from .parameters import Parameter, parse

CALLS = {
    ("_g", "_v"): "torch.nn.utils.remove_weight_norm",
    ("_orig", "_mask"): "torch.nn.utils.prune.remove",
    ("_orig", "_u"): "torch.nn.utils.remove_spectral_norm",
    (".original",): "torch.nn.utils.parametrize.remove_parametrizations",
    (".original0",): "torch.nn.utils.parametrize.remove_parametrizations",
}
"""The suffixes of such tensors' names, each with the call that restores the
parameter."""

_PART = re.compile(
    r"(?P<module>(?:.*\.)?)(?P<new>parametrizations\.)?(?P<name>[^.]+?)"
    r"(?P<end>_[guv]|_orig|_mask|(?(new)\.original\d*|(?!)))",
    re.DOTALL,
)
"""The name of a tensor from which torch computes a parameter.

`.original`, `.original0` and so on are ends only after `parametrizations.`.
"""


def parse_part(name: str) -> tuple[Parameter, str] | None:
    """The parameter that is computed from a tensor, and the suffix of its name.

    >>> parse_part("rnn.parametrizations.weight_hh_l0.original0")[1]
    '.original0'
    >>> parse_part("rnn.weight_hh_l0_g")[0].name
    'rnn.weight_hh_l0'
    >>> parse_part("rnn.weight_hh_l0") or parse_part("fc.weight_g")
    """
    match = _PART.fullmatch(name)
    if match is None:
        return None
    parameter = parse(match["module"] + match["name"])
    return parameter and (parameter, match["end"])


def missing(
    parts: Mapping[Parameter, Mapping[str, str]], present: Iterable[Parameter]
) -> InputError | None:
    """The error for a module with parametrized parameters.

    Args:
        parts: For each parameter, the names of its tensors by suffix.
        present: The parameters that the file has directly.
    """
    calls = {
        parameter: (call, [names[end] for end in ends])
        for parameter, names in parts.items()
        for ends, call in CALLS.items()
        if parameter not in present and names.keys() >= {*ends}
    }
    if not calls:
        return None
    parameter, (call, names) = next(iter(calls.items()))
    same = [
        other._replace(module="").name
        for other, (other_call, _) in calls.items()
        if other_call == call
    ]
    return InputError(
        f"{quoted_name(parameter.name)} is not in the file, only {quoted_names(names)}, from "
        f"which it is computed, expected the tensor itself; call {call} for "
        f"{quoted_names(same)} of the module, then save it again"
    )
