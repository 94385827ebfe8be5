"""Parse PyTorch's names for the parameters of recurrent layers."""

import re
from collections.abc import Iterable
from typing import NamedTuple

_NAME = re.compile(
    r"(?:(?P<module>.+)\.)?"
    r"(?P<base>(?:weight|bias)_(?:ih|hh)|weight_hr)"
    r"(?:_l(?P<layer>0|[1-9][0-9]{0,3})(?P<reverse>_reverse)?)?",
    re.DOTALL,
)
"""The name of a parameter: module, base, layer and direction."""


class Parameter(NamedTuple):
    """A parsed name.

    Attributes:
        module: The part before the last dot, or an empty string.
        base: The name without layer and direction, such as `weight_ih`.
        layer: The layer, counted from 0; None for a cell.
        reverse: Whether it belongs to the reverse direction.
    """

    module: str
    base: str
    layer: int | None
    reverse: bool

    @property
    def name(self) -> str:
        """The whole name.

        >>> Parameter("encoder.rnn", "weight_ih", 0, True).name
        'encoder.rnn.weight_ih_l0_reverse'
        """
        prefix = f"{self.module}." if self.module else ""
        layer = "" if self.layer is None else f"_l{self.layer}"
        direction = "_reverse" if self.reverse else ""
        return f"{prefix}{self.base}{layer}{direction}"


def parse(name: str) -> Parameter | None:
    """Parse a name; None if it does not belong to a recurrent layer.

    >>> parse("module.rnn.weight_hh_l1")
    Parameter(module='module.rnn', base='weight_hh', layer=1, reverse=False)
    >>> parse("bias_ih")
    Parameter(module='', base='bias_ih', layer=None, reverse=False)
    >>> parse("weight_ih_l01") or parse("fc.weight")
    """
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    module, base, layer, reverse = match.groups()
    number = None if layer is None else int(layer)
    return Parameter(module or "", base=base, layer=number, reverse=reverse is not None)


def holds_recurrent(names: Iterable[str]) -> bool:
    """Whether one of the names is a weight matrix of a recurrent layer."""
    parameters = map(parse, names)
    return any(p is not None and p.base.startswith("weight") for p in parameters)
