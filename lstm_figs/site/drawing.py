"""What the blocks need drawn, as JSON: the part of a build that is cached."""

import hashlib
import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from ..errors import InputError, LstmFigsError
from ..figure import Figure
from ..figures import CATALOG
from ..html.proving import proof_script
from ..options import summary
from ..render import compose
from ..render.svg import write_svg
from ..request import Request, parse_header
from . import reference
from .imports import import_graph


def page_figure(header: str) -> dict[str, Any]:
    """A figure for a page, with its proof.

    The numbers of the example network are first held against a real torch
    module, where torch is installed.
    """
    request = parse_header(header)
    trace = request.source.trace()
    if trace.origin.torch is None and importlib.util.find_spec("torch"):
        from ..capture import verify

        verify(trace)
    forms = request.forms(trace)
    figure = forms[0]
    return {
        "id": figure.id,
        "title": figure.title,
        "forms": [
            [form.sheet.width, form.render("svg", "page").decode()]
            for form in forms
        ],
        "command": figure.metadata["command"],
        "proof": proof_script(figure),
        "numbers": len(figure.numbers()),
    }


def gallery(_: str) -> list[dict[str, Any]]:
    """Every figure of the catalogue as a picture."""
    return [
        {"summary": summary(function), **_forms(Request(name))}
        for name, function in CATALOG.items()
    ]


def picture(header: str) -> dict[str, Any]:
    """A figure in both schemes, and where it is wider the same for a phone."""
    return _forms(parse_header(header))


def _forms(request: Request) -> dict[str, Any]:
    drawn, *narrow = map(_images, request.forms())
    return {**drawn, "narrow": narrow[0]} if narrow else drawn


def _images(figure: Figure) -> dict[str, Any]:
    """A figure in both schemes, with a digest for the names of its files."""
    light, dark = (
        figure.render("svg", scheme).decode() for scheme in ("light", "dark")
    )
    return {
        "id": figure.id,
        "digest": hashlib.sha256((light + dark).encode()).hexdigest()[:16],
        "name": figure.name,
        "title": figure.title,
        "description": figure.description,
        "width": figure.sheet.width,
        "height": figure.sheet.height,
        "light": light,
        "dark": dark,
    }


def imports(_: str) -> dict[str, Any]:
    """The package's own import graph."""
    scene = import_graph()
    sheet = compose(scene)
    svg = write_svg(
        sheet,
        id="imports",
        title=scene.heading.title,
        description=scene.description,
        metadata={},
        theme="page",
    )
    return {
        "id": "imports",
        "title": scene.heading.title,
        "forms": [[sheet.width, svg]],
    }


def run(name: str) -> dict[str, str]:
    """A Python file, highlighted, and what it prints.

    Raises:
        InputError: If there is no such file, it fails, or it or what it
            prints is not UTF-8.
    """
    path = Path(name)
    if not path.is_file():
        raise InputError(
            f"{path.name!r} is not a file, expected a Python file beside the "
            "page; check the path"
        )
    source = _decoded(path.read_bytes(), f"{path.name!r}")
    done = subprocess.run(
        [sys.executable, "-W", "error", path.name],
        cwd=path.parent,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        stderr = done.stderr.decode(errors="replace")
        said = stderr.strip().splitlines() or ["no message"]
        raise InputError(
            f"{path.name!r} failed ({said[-1]}), expected it to run; run it "
            "with Python to see where"
        )
    shown = highlight(source, PythonLexer(), HtmlFormatter(nowrap=True))
    output = _decoded(done.stdout, f"what {path.name!r} prints")
    return {"name": path.name, "code": shown, "output": output}


def _decoded(data: bytes, what: str) -> str:
    """Text, with one kind of line ends."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(
            f"{what} is not UTF-8 (byte {data[error.start]:#04x} at "
            f"{error.start}), expected text in UTF-8; save or print it so"
        ) from error
    return text.replace("\r\n", "\n")


KINDS = {
    "run": run,
    "figure": page_figure,
    "gallery": gallery,
    "picture": picture,
    "imports": imports,
    "api": reference.api,
    "options": reference.options,
}
"""What can be drawn, by name."""


if __name__ == "__main__":
    try:
        print(json.dumps(KINDS[sys.argv[1]](sys.argv[2])))
    except LstmFigsError as error:
        sys.exit(str(error))
