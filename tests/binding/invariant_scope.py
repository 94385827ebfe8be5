"""Check that each invariant is shown only for modules that it applies to.

Some invariants need biases, others a projection. In a figure of a module
without these the sentence is wrong even though the invariant holds.
"""

from collections.abc import Iterator
from itertools import product
from types import SimpleNamespace
from typing import Any

from tests.binding.drawing import Drawing
from tests.binding.sentences import sentences
from tests.binding.statements.invariants import INVARIANTS

MODULES = ("lstm", "stack", "module", "both", "one", "cell", "layer")
"""Names of modules in preambles, each whole module before its parts."""


def faults(drawing: Drawing) -> Iterator[str]:
    """Invariants that do not apply to the module shown."""
    names = drawing.namespace
    # Some sentences are about the cell that is shown beside the module.
    modules = [names[name] for name in MODULES if name in names]
    if not modules:
        return
    module, visible_modules = modules[0], {modules[0], names.get("cell", modules[0])}
    for sentence in sentences(drawing):
        invariant = INVARIANTS.get(sentence.text)
        # Other checks verify the numbers of layers and directions, so any number of each is
        # accepted here.
        if (
            invariant
            and not sentence.claim
            and not any(
                invariant.when(run) for candidate in visible_modules for run in _runs(candidate)
            )
        ):
            yield (
                f"{sentence.text!r} does not hold for a module with "
                f"bias={module.bias} and proj_size={_projected(module)}"
            )


def _projected(module: Any) -> int:
    return getattr(module, "proj_size", 0)


def _runs(module: Any) -> Iterator[Any]:
    """Stand-ins for `Run` with only the attributes that `when` reads."""
    for layers, both in product((1, 2), (False, True)):
        yield SimpleNamespace(
            lstm=SimpleNamespace(
                bias=module.bias,
                proj_size=_projected(module),
                num_layers=layers,
                bidirectional=both,
            ),
            is_single=layers == 1 and not both,
            is_finite=True,
            units=1,
            x=_Input(),
        )


class _Input:
    """The shape of an input with two steps and two sequences."""

    shape = (2, 2, 1)

    def __len__(self) -> int:
        return self.shape[0]
