"""Render the payloads of blocks as JSON: the part of a build that is cached.

It runs in separate processes, see `workers`.
"""

import gc
import importlib.util
import json
import os
import shlex
import signal
import sys
import traceback
from base64 import b64encode
from collections.abc import Callable, Sequence
from contextlib import chdir, suppress
from dataclasses import asdict, replace
from functools import cached_property, lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, get_args

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from ..command.parsing import Parser, add_source, source_of
from ..command.request import Request, parse_header
from ..errors import InputError, LstmFigsError, UsageError
from ..figure import Figure
from ..figures import CATALOG, SHEETS, composer
from ..html.live_controls import controls
from ..html.proof_code import proof_code
from ..html.steps import step_drawings, steps_of
from ..options import summary
from ..proof.literals import text
from ..render import compose, render
from ..render.compose import thumbnail as compose_thumbnail
from ..render.svg import write_svg
from ..scene.scenes import Scene
from ..scene.theme import Scheme
from ..sheets.card import card as compose_card
from . import reference
from .imports import WIDTH, import_graph, import_list
from .programs import outcome
from .shape_calculator import calculator
from .vocabulary import SETUP
from .vocabulary import vocabulary as pieces_drawn

DEFAULT_FIGURE = "reading --network brackets --units 0 --only c"
"""The figure on the card of a page without a figure."""


class _Drawing:
    """A figure in the forms that pages show, drawn once for all kinds of payload."""

    def __init__(self, header: str):
        self.request = parse_header(header)
        self.trace = self.request.source.trace()

    @cached_property
    def forms(self) -> Sequence[Figure]:
        """The figure in the requested width, and narrow if that is wider than a phone."""
        return self.request.forms(self.trace)

    @property
    def verify(self) -> str | None:
        """The argument for `verified`, None if torch itself made the tensors."""
        made_by_torch = self.trace.origin.torch is not None
        return None if made_by_torch else shlex.join(self.request.source.arguments())


_drawing = lru_cache(maxsize=1)(_Drawing)
"""The drawing of a request; cached, because several kinds of entries need it."""


def _figure_drawing(header: str) -> _Drawing:
    """A figure, and not a sheet.

    Raises:
        UsageError: If it is a sheet.
    """
    name = parse_header(header).name
    if name in SHEETS:
        raise UsageError(f"got the sheet {name}, expected a figure; write lstm-sheet")
    return _drawing(header)


def page_figure(header: str) -> dict[str, Any]:
    """A figure as inline SVG, with its proof."""
    drawing = _figure_drawing(header)
    figure = drawing.forms[0]
    saved = _downloads(drawing.request)
    return {
        "id": figure.id,
        "title": figure.title,
        "forms": [
            [form.sheet.width, form.render("svg", "page").decode()] for form in drawing.forms
        ],
        "command": figure.metadata["command"],
        "proof": proof_code(figure),
        "numbers": len(figure.numbers()),
        **({"saved": saved} if saved else _step_fields(drawing)),
        "verify": drawing.verify,
    }


def _step_fields(drawing: _Drawing) -> dict[str, Any]:
    """The range of steps and the drawings of them as JSON; empty for a figure of no single step."""
    step_range = steps_of(drawing.request, drawing.trace)
    if step_range is None:
        return {}
    texts = step_drawings(drawing.request, drawing.trace, step_range, drawing.forms)
    step_json = json.dumps(texts, ensure_ascii=False, separators=(",", ":"))
    return {"steps": {**asdict(step_range), "file": step_json}}


def _downloads(request: Request) -> dict[str, Any] | None:
    """A figure's proof and command for readers who download its files.

    A browser saves all files into one folder, so only their base names are
    left.

    Returns:
        `proof` and `command` with base names; `names`, pairs of path and base
        name; and the base names that the proof `reads`. None without files, or
        if two files have the same base name.
    """
    source = request.source
    names = {path: Path(path).name for path in source.files()}
    if not names or len({*names.values()}) < len(names):
        return None
    local_source = replace(
        source,
        weights=source.weights and names[source.weights],
        earlier=tuple(names[path] for path in source.earlier),
        input=source.input and names[source.input],
        tokens=source.tokens and names[source.tokens],
        labels=source.labels and names[source.labels],
    )
    local_request = replace(request, source=local_source)
    with TemporaryDirectory() as folder:
        for path, name in names.items():
            Path(folder, name).symlink_to(Path(path).resolve())
        with chdir(folder):
            proof = proof_code(local_request.draw())
    return {
        "proof": proof,
        "command": local_request.command(),
        "names": [*map(list, names.items())],
        "reads": [name for name in names.values() if text(name) in proof],
    }


def picture(header: str) -> dict[str, Any]:
    """A figure in both schemes, and its narrow form if it is wider."""
    drawing = _figure_drawing(header)
    payload, *narrow = map(_images, drawing.forms)
    payload["verify"] = drawing.verify
    return {**payload, "narrow": narrow[0]} if narrow else payload


def _images(figure: Figure) -> dict[str, Any]:
    """A figure in both schemes."""
    return {
        "id": figure.id,
        "name": figure.name,
        "title": figure.title,
        "description": figure.description,
        "summary": summary(composer(figure.name)),
        "width": figure.sheet.width,
        "height": figure.sheet.height,
        "top": figure.sheet.top,
        "light": figure.render("svg", "light").decode(),
        "dark": figure.render("svg", "dark").decode(),
    }


def sheet(header: str) -> dict[str, Any]:
    """A sheet in both schemes, and as a PDF for printing.

    Raises:
        UsageError: If it is a figure.
    """
    drawing = _drawing(header)
    figure = drawing.forms[0]
    paper = getattr(figure.scene, "paper", None)
    if paper is None:
        raise UsageError(
            f"got the figure {figure.name}, expected a sheet, one of "
            f"{', '.join(SHEETS)}; write lstm-figure"
        )
    return {
        **_images(figure),
        "paper": paper.name,
        "pdf": b64encode(figure.render("pdf", "light")).decode(),
        "verify": drawing.verify,
    }


def thumbnail(header: str) -> dict[str, Any]:
    """A figure as a small picture in both schemes, in its form for phones."""
    drawing = _drawing(header)
    figure = drawing.forms[-1]
    sheet = compose_thumbnail(figure.scene)
    payload: dict[str, Any] = {
        "id": f"{figure.id}-thumbnail",
        "width": sheet.width,
        "height": sheet.height,
        "verify": drawing.verify,
    }
    for scheme in get_args(Scheme):
        payload[scheme] = write_svg(
            sheet, id=payload["id"], title="", description="", metadata={}, theme=scheme
        )
    return payload


def card(header: str) -> dict[str, Any]:
    """The image for links to a page with a figure."""
    drawing = _figure_drawing(header)
    payload = _card(drawing.forms[-1], drawing.forms[0].title)
    return {**payload, "id": f"{drawing.forms[0].id}-card", "verify": drawing.verify}


def title_card(title: str) -> dict[str, Any]:
    """The image for links to a page without a figure: its title beside the site's figure."""
    return _card(_drawing(DEFAULT_FIGURE).forms[-1], title)


def _card(figure: Figure, title: str) -> dict[str, Any]:
    """The picture of a figure for link previews."""
    png = render(
        compose_card(figure.scene, title),
        "png",
        "light",
        scale=1,
        id=figure.id,
        title=title,
        description=figure.description,
        metadata={},
    )
    return {"id": "card", "title": title, "png": b64encode(png).decode()}


def verified(source: str) -> bool:
    """Check the numbers of a source against a real torch module.

    Returns:
        Whether they were checked, which needs torch.

    Raises:
        ProofError: If torch computes different values.
    """
    if importlib.util.find_spec("torch") is None:
        return False
    from ..capture import verify

    parser = Parser()
    add_source(parser)
    verify(source_of(parser.read(shlex.split(source))).trace())
    return True


def catalogue(_: str) -> list[str]:
    """The names of all figures, in the order of the gallery."""
    return list(CATALOG)


def imports(_: str) -> dict[str, Any]:
    """The package's own import graph."""
    graph = import_graph()
    scenes: dict[str, Scene] = {"imports": graph, "imports-narrow": import_list(graph)}
    forms = []
    for id, scene in scenes.items():
        sheet = compose(scene)
        if sheet.width > WIDTH:
            # The graph of a large package is too wide for a page; the list is not.
            continue
        svg = write_svg(
            sheet,
            id=id,
            title=str(scene.heading.title),
            description=scene.description,
            metadata={},
            theme="page",
        )
        forms.append([sheet.width, svg])
    title = str(graph.heading.title)
    return {"id": "imports", "title": title, "forms": forms}


def shapes(header: str) -> dict[str, str]:
    """A calculator of shapes with the sizes in a header."""
    return {"html": calculator(header)}


def live(header: str) -> dict[str, str]:
    """The controls above and below a live figure."""
    return controls(parse_header(header))


def vocabulary(_: str) -> dict[str, Any]:
    """The pieces that figures are made of, and the setup that their code shares."""
    return {"start": SETUP, "pieces": list(pieces_drawn())}


def code(name: str) -> dict[str, str]:
    """A Python file, highlighted.

    Raises:
        InputError: If there is no such file, or it is not UTF-8.
    """
    path = Path(name)
    if not path.is_file():
        raise InputError(
            f"{path.name!r} is not a file, expected a Python file next to the page; check the path"
        )
    source = _decode(path.read_bytes(), f"{path.name!r}")
    highlighted = highlight(source, PythonLexer(), HtmlFormatter(nowrap=True))
    return {"name": path.name, "code": highlighted}


def run(name: str) -> dict[str, str]:
    """A Python file, highlighted, and its output.

    Raises:
        InputError: If there is no such file, it fails, or it or its output is
            not UTF-8.
    """
    path, payload = Path(name), code(name)
    result = outcome(path.resolve())
    if result.code:
        stderr = result.stderr.decode(errors="replace")
        error_lines = stderr.strip().splitlines() or ["no message"]
        raise InputError(
            f"{path.name!r} failed ({error_lines[-1]}), expected it to run; run it "
            "with Python to see where"
        )
    output = _decode(result.stdout, f"the output of {path.name!r}")
    return {**payload, "output": output}


def _decode(data: bytes, what: str) -> str:
    """Decode UTF-8, and normalise line ends."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(
            f"{what} is not UTF-8 (byte {data[error.start]:#04x} at {error.start}), expected "
            "text in UTF-8; save or print it as UTF-8"
        ) from error
    return text.replace("\r\n", "\n")


KINDS: dict[str, Callable[[str], Any]] = {
    "run": run,
    "code": code,
    "figure": page_figure,
    "picture": picture,
    "sheet": sheet,
    "thumbnail": thumbnail,
    "card": card,
    "titled": title_card,
    "verified": verified,
    "catalogue": catalogue,
    "imports": imports,
    "shapes": shapes,
    "live": live,
    "vocabulary": vocabulary,
    "api": reference.api,
    "options": reference.options,
}
"""The function for each kind of payload."""


def serve() -> None:
    """Answer requests, which are lines of JSON, until there are no more."""
    # The parent ends this process; a terminal sends Ctrl-C to both.
    signal.signal(signal.SIGINT, lambda *_: None)
    # Figures are many small objects, and garbage collection would take a tenth of
    # the time of a build.
    gc.set_threshold(100_000)
    # Libraries may print. Their output goes to stderr, so that only answers go to stdout.
    with suppress(BrokenPipeError), os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)
        for line in sys.stdin.buffer:
            answers.write(json.dumps(_answer(json.loads(line))).encode())
            answers.write(b"\n")
            answers.flush()
            # A file may have changed when it is requested again.
            _drawing.cache_clear()


def _answer(job: dict[str, Any]) -> dict[str, Any]:
    """Run one job, and return its entry or its error."""
    try:
        os.chdir(job["folder"])
        return {"drawn": [KINDS[kind](job["text"]) for kind in job["kinds"]]}
    except LstmFigsError as error:
        return {"problem": str(error)}
    except OSError as error:
        return {
            "problem": f"cannot read {str(error.filename)!r} ({error.strerror}), expected a "
            "file that can be read; check its name and its permissions"
        }
    except Exception as error:
        # A bug in the package, which somebody may be editing.
        traceback.print_exc()
        reason = f"{type(error).__name__}: {error}".removesuffix(": ")
        return {
            "problem": f"cannot draw {job['text']!r} ({reason}), expected the "
            "code to run; the traceback in the terminal says where it fails"
        }
