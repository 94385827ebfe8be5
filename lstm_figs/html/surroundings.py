"""The controls around a figure in a page that is a single file.

Such a page cannot load files. So scripts and drawings are inside it, as data
URLs in place of the addresses that a site has.
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
from .own_reading import caption as own_caption
from .own_reading import controls as own_controls
from .own_reading import is_own_live
from .scripts import script
from .steps import step_drawings, steps_of

NEXT_FIGURE = (
    '<p><a href="#figure-keep-write-show">Keep, write, show</a> has all of one step.</p>\n'
)
"""The link from the caption of `reading` to its neighbour."""


class Surroundings(NamedTuple):
    """The HTML around a figure.

    Attributes:
        above: Controls above the figure, which a script shows.
        below: Controls below the figure.
        rows: Controls in the bar of the figure.
        before: Controls in the bar beside its proof.
        caption: An addition to its caption, with a link that the script updates
            to the step under the pointer.
    """

    above: str = ""
    below: str = ""
    rows: str = ""
    before: str = ""
    caption: str = ""


def surroundings(request: Request, trace: Trace, forms: Sequence[Figure]) -> Surroundings:
    """The controls of a live figure, or the buttons of a figure with steps.

    Args:
        request: The request for the figure.
        trace: The trace of its source.
        forms: The drawn forms.
    """
    is_own_network = is_own_live(request, trace)
    if is_own_network or is_live(request):
        parts = own_controls(request, trace) if is_own_network else controls(request)
        code = script(parts["script"])
        # A function keeps the variables of the script local.
        address = _data_address("text/javascript", f"(() => {{\n{code}}})();\n")
        opening, with_script = '<div class="lf-live"', f'data-script="{address}"'
        # The first such element names the script.
        below = parts["below"].replace(opening, f"{opening} {with_script}", 1)
        caption = NEXT_FIGURE if request.name == "reading" else ""
        if is_own_network:
            caption = own_caption(request, trace)
        return Surroundings(parts["above"], below, parts["rows"], parts["before"], caption)
    steps = steps_of(request, trace)
    if steps is None:
        return Surroundings()
    drawings = json.dumps(
        step_drawings(request, trace, steps, forms), ensure_ascii=False, separators=(",", ":")
    )
    # Names of files may contain invalid bytes; escape them as in the page itself.
    drawings = re.sub("[\ud800-\udfff]", lambda match: rf"\\u{ord(match[0]):x}", drawings)
    address = _data_address("application/gzip", gzip.compress(drawings.encode(), mtime=0))
    return Surroundings(before=step_buttons(forms[0].id, asdict(steps), address))


def _data_address(kind: str, content: str | bytes) -> str:
    """Content as a data URL.

    >>> _data_address("text/plain", "a")
    'data:text/plain;base64,YQ=='
    """
    data = content.encode() if isinstance(content, str) else content
    return f"data:{kind};base64,{b64encode(data).decode()}"
