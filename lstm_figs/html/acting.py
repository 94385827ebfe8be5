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
from .buttons import buttons
from .live import controls, is_live
from .scripts import script
from .steps import drawn_steps, steps_of

ONWARD = '<p><a href="#figure-keep-write-show">Keep, write, show</a> has all of one step.</p>\n'
"""What the caption of `reading` says of its neighbour."""


class Around(NamedTuple):
    """What stands around a figure, as HTML.

    Attributes:
        above: What a script shows above it.
        below: What a script shows below it.
        rows: What it shows in the bar of the figure.
        before: What it shows there beside its proof.
        said: What its caption says besides, with a link that a script takes
            for steps of what is read.
    """

    above: str = ""
    below: str = ""
    rows: str = ""
    before: str = ""
    said: str = ""


def around(request: Request, trace: Trace, forms: Sequence[Figure]) -> Around:
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
        address = _inside("text/javascript", f"(() => {{\n{code}}})();\n")
        plain, named = '<div class="lf-live"', f'data-script="{address}"'
        # The first of them names the script.
        below = parts["below"].replace(plain, f"{plain} {named}", 1)
        said = ONWARD * (request.name == "reading")
        return Around(parts["above"], below, parts["rows"], parts["before"], said)
    steps = steps_of(request, trace)
    if steps is None:
        return Around()
    drawn = json.dumps(
        drawn_steps(request, trace, steps, forms), ensure_ascii=False, separators=(",", ":")
    )
    # Bytes of a file's name that are no text look as in the page itself.
    drawn = re.sub("[\ud800-\udfff]", lambda found: rf"\\u{ord(found[0]):x}", drawn)
    address = _inside("application/gzip", gzip.compress(drawn.encode(), mtime=0))
    return Around(before=buttons(forms[0].id, asdict(steps), address))


def _inside(kind: str, content: str | bytes) -> str:
    """An address that is the content itself.

    >>> _inside("text/plain", "a")
    'data:text/plain;base64,YQ=='
    """
    data = content.encode() if isinstance(content, str) else content
    return f"data:{kind};base64,{b64encode(data).decode()}"
