"""The figure `reading` as an instrument: what its twin in a page knows.

The twin is `browser/reading`; what it has from Python's own data stands here.
"""

import json
import re
from pathlib import Path
from typing import Any

from ..command.request import parse_header
from ..proof.literals import first_state, text
from ..render.svg import MONO, SANS
from ..scene.metrics import _ADVANCES, _MONO
from ..scene.theme import TOKENS
from ..sources.networks import brackets
from ..sources.trained import TEXT
from ..version import VERSION

FOLDER = Path(__file__).parents[1] / "browser" / "reading"

_IMPORT = re.compile(r'^import (\{[^}]*\}) from "\./(\w+)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(
    r"^export (?=(?:const|function\*?|class) (\w+|\[[^\]]+\]))", re.MULTILINE
)


def known() -> dict[str, Any]:
    """What the twin is given of the network and of Python's tables."""
    network = brackets()
    tensors = {
        **{f"lstm.{k}_l0": v for k, v in network.weights.parameters().items()},
        **{f"readout.{k}": v for k, v in network.readout.parameters().items()},
    }
    return {
        "network": {
            "tensors": {
                name: [float(str(one)) for one in array]
                if array.ndim == 1
                else [[float(str(one)) for one in row] for row in array]
                for name, array in tensors.items()
            },
            "alphabet": network.alphabet,
            "other": network.other,
            "outputs": network.readout.outputs,
            "text": TEXT,
        },
        "preamble": _preamble(),
        "regular": _ADVANCES[False],
        "bold": _ADVANCES[True],
        "mono": _MONO,
        "colours": TOKENS,
        "sans": SANS,
        "monospace": MONO,
        "version": VERSION,
    }


def _preamble() -> list[str]:
    """Python that a proof begins with, cut where texts and edits stand.

    The pieces are those before the text, before an edit of the LSTM, before
    one of the read-out, and the rest.
    """
    read = "x"
    drawn = parse_header(f"reading --network brackets --text {read}")
    trace = drawn.source.trace()
    whole = str(drawn.draw(trace).metadata["preamble"])
    before, rest = whole.split(f"text = {text(read)}")
    state = first_state(trace.h_0, trace.c_0) + "\n"
    run, rest = rest.split(state)
    answering = trace.origin.answering + "\n"
    middle, end = rest.split(answering)
    return [f"{before}text = ", run + state, middle + answering, end]


def script(entry: str) -> str:
    """A module and all that it imports, as one script.

    A page from a file may not load one module from another.
    """
    written: dict[str, str] = {}

    def write(name: str) -> None:
        if name in written:
            return
        code = (FOLDER / f"{name}.js").read_text(encoding="utf-8")
        for _, other in _IMPORT.findall(code):
            write(other)
        names = ", ".join(
            word
            for found in _EXPORT.findall(code)
            for word in re.findall(r"\w+", found)
        )
        code = _IMPORT.sub(
            lambda m: f"const {m[1].replace(' as ', ': ')} = ${m[2]};\n", code
        )
        code = _EXPORT.sub("", code)
        written[name] = (
            f"const ${name} = (() => {{\n{code}return {{ {names} }};\n}})();\n"
        )

    write(entry)
    return "".join(written.values())


def data() -> str:
    """What the twin knows, as the element that it reads."""
    # No text of ours ends the element.
    told = json.dumps(known(), ensure_ascii=False, separators=(",", ":"))
    return f'<script type="application/json" class="lf-known">{told}</script>\n'.replace(
        "</s", "<\\/s", told.count("</s")
    )
