"""What a reader can do with a figure in a page that is one file.

Such a page can fetch nothing, so that whatever a figure needs later is inside,
in the place where a site has the address of a file.
"""

import gzip
import json
import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import asdict
from typing import NamedTuple

from ..command.request import Request
from ..figure import Figure
from ..model.lstm import Trace
from .buttons import step_buttons
from .live_controls import controls, is_live
from .scripts import script
from .steps import step_drawings, steps_of

NEXT_FIGURE = (
    '<p><a href="#figure-keep-write-show">Keep, write, show</a> has all of one step.</p>\n'
)
"""What the caption of `reading` says of its neighbour."""


class Surroundings(NamedTuple):
    """What stands around a figure, as HTML.

    Attributes:
        above: What a script shows above it.
        below: What a script shows below it.
        rows: What it shows in the bar of the figure.
        before: What it shows there beside its proof.
        caption: What its caption says besides, with a link that a script takes
            for steps of what is read.
    """

    above: str = ""
    below: str = ""
    rows: str = ""
    before: str = ""
    caption: str = ""


def surroundings(request: Request, trace: Trace, forms: Sequence[Figure]) -> Surroundings:
    """Fields of a figure that has a twin, and buttons of one with steps.

    Args:
        request: What draws the figure.
        trace: What it is drawn from.
        forms: As it was drawn.
    """
    if is_live(request):
        parts = controls(request)
        code = script(parts["script"])
        # What a script has is its own.
        address = _data_address("text/javascript", f"(() => {{\n{code}}})();\n")
        opening, with_script = '<div class="lf-live"', f'data-script="{address}"'
        # The first of them names the script.
        below = parts["below"].replace(opening, f"{opening} {with_script}", 1)
        caption = NEXT_FIGURE * (request.name == "reading")
        return Surroundings(parts["above"], below, parts["rows"], parts["before"], caption)
    steps = steps_of(request, trace)
    if steps is None:
        return Surroundings()
    drawings = json.dumps(
        step_drawings(request, trace, steps, forms), ensure_ascii=False, separators=(",", ":")
    )
    # Bytes of a file's name that are no text look as in the page itself.
    drawings = re.sub("[\ud800-\udfff]", lambda match: rf"\\u{ord(match[0]):x}", drawings)
    address = _data_address("application/gzip", gzip.compress(drawings.encode(), mtime=0))
    return Surroundings(before=step_buttons(forms[0].id, asdict(steps), address))


def _data_address(kind: str, content: str | bytes) -> str:
    """An address that is the content itself.

    >>> _data_address("text/plain", "a")
    'data:text/plain;base64,YQ=='
    """
    data = content.encode() if isinstance(content, str) else content
    return f"data:{kind};base64,{b64encode(data).decode()}"
