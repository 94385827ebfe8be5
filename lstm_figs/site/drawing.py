"""What the blocks show, as JSON: the part of a build that is cached.

It runs in a process of its own, see `workers`.
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
from ..html.live import controls
from ..html.proving import proof_script
from ..html.steps import drawn_steps, steps_of
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
from .listing import outcome
from .sizes import calculator
from .vocabulary import START
from .vocabulary import vocabulary as pieces_drawn

FIRST = "reading --network brackets --units 0 --only c"
"""The figure of the site that stands for a page without one."""


class _Drawn:
    """A figure in the forms that pages show, each drawn once."""

    def __init__(self, header: str):
        self.request = parse_header(header)
        self.trace = self.request.source.trace()

    @cached_property
    def forms(self) -> Sequence[Figure]:
        """As wide as it is asked for, and where that is wider for a phone."""
        return self.request.forms(self.trace)

    @property
    def verify(self) -> str | None:
        """The source, as `verified` takes it, unless torch made the tensors."""
        made = self.trace.origin.torch is not None
        return None if made else shlex.join(self.request.source.arguments())


_drawn = lru_cache(maxsize=1)(_Drawn)


def _checked(header: str) -> _Drawn:
    """A figure that fits into a page.

    Raises:
        UsageError: If it is a sheet.
    """
    name = parse_header(header).name
    if name in SHEETS:
        raise UsageError(f"got the sheet {name}, expected a figure; write lstm-sheet")
    return _drawn(header)


def page_figure(header: str) -> dict[str, Any]:
    """A figure for a page, with its proof."""
    drawn = _checked(header)
    figure = drawn.forms[0]
    saved = _saved(drawn.request)
    return {
        "id": figure.id,
        "title": figure.title,
        "forms": [[form.sheet.width, form.render("svg", "page").decode()] for form in drawn.forms],
        "command": figure.metadata["command"],
        "proof": proof_script(figure),
        "numbers": len(figure.numbers()),
        **({"saved": saved} if saved else _steps(drawn)),
        "verify": drawn.verify,
    }


def _steps(drawn: _Drawn) -> dict[str, Any]:
    """The figure at each step, as a file, if it shows one of several."""
    steps = steps_of(drawn.request, drawn.trace)
    if steps is None:
        return {}
    texts = drawn_steps(drawn.request, drawn.trace, steps, drawn.forms)
    file = json.dumps(texts, ensure_ascii=False, separators=(",", ":"))
    return {"steps": {**asdict(steps), "file": file}}


def _saved(request: Request) -> dict[str, Any] | None:
    """A figure's proof and command for who has saved its files from a page.

    A browser saves all files into one folder, each by the last part of its
    name; where two of them share that, this is None, as it is without files.

    Returns:
        `proof` and `command`, in which files have these names; `names`, each
        file with its own; and those which the proof itself `reads`.
    """
    source = request.source
    names = {path: Path(path).name for path in source.files()}
    if not names or len({*names.values()}) < len(names):
        return None
    beside = replace(
        source,
        weights=source.weights and names[source.weights],
        input=source.input and names[source.input],
        tokens=source.tokens and names[source.tokens],
        labels=source.labels and names[source.labels],
    )
    there = replace(request, source=beside)
    with TemporaryDirectory() as folder:
        for path, name in names.items():
            Path(folder, name).symlink_to(Path(path).resolve())
        with chdir(folder):
            proof = proof_script(there.draw())
    return {
        "proof": proof,
        "command": there.command(),
        "names": [*map(list, names.items())],
        "reads": [name for name in names.values() if text(name) in proof],
    }


def picture(header: str) -> dict[str, Any]:
    """A figure in both schemes, and where it is wider the same for a phone."""
    drawn = _checked(header)
    own, *narrow = map(_images, drawn.forms)
    own["verify"] = drawn.verify
    return {**own, "narrow": narrow[0]} if narrow else own


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
    """A sheet in both schemes, and as a PDF to be printed.

    Raises:
        UsageError: If it is a figure.
    """
    drawn = _drawn(header)
    figure = drawn.forms[0]
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
        "verify": drawn.verify,
    }


def thumbnail(header: str) -> dict[str, Any]:
    """A figure as a small picture in both schemes, in its form for phones."""
    drawn = _drawn(header)
    figure = drawn.forms[-1]
    sheet = compose_thumbnail(figure.scene)
    own: dict[str, Any] = {
        "id": f"{figure.id}-thumbnail",
        "width": sheet.width,
        "height": sheet.height,
        "verify": drawn.verify,
    }
    for scheme in get_args(Scheme):
        own[scheme] = write_svg(
            sheet, id=own["id"], title="", description="", metadata={}, theme=scheme
        )
    return own


def card(header: str) -> dict[str, Any]:
    """The picture that a link to a page of a figure shows."""
    drawn = _checked(header)
    said = _card(drawn.forms[-1], drawn.forms[0].title)
    return {**said, "id": f"{drawn.forms[0].id}-card", "verify": drawn.verify}


def titled(title: str) -> dict[str, Any]:
    """The same of a page without a figure: its title beside the site's."""
    return _card(_drawn(FIRST).forms[-1], title)


def _card(figure: Figure, title: str) -> dict[str, Any]:
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
    """Whether the numbers of a source were held against a real torch module.

    They are where torch is installed.

    Raises:
        ProofError: If torch computes something else.
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
            # The package has grown: the list alone fits into a page.
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
    """A calculator of shapes, which begins with the sizes in a header."""
    return {"html": calculator(header)}


def live(header: str) -> dict[str, str]:
    """What stands above and below a figure that a reader sets."""
    return controls(parse_header(header))


def vocabulary(_: str) -> dict[str, Any]:
    """The pieces that figures are written in, after the lines they share."""
    return {"start": START, "pieces": list(pieces_drawn())}


def code(name: str) -> dict[str, str]:
    """A Python file, highlighted.

    Raises:
        InputError: If there is no such file, or it is not UTF-8.
    """
    path = Path(name)
    if not path.is_file():
        raise InputError(
            f"{path.name!r} is not a file, expected a Python file beside the page; check the path"
        )
    source = _decoded(path.read_bytes(), f"{path.name!r}")
    shown = highlight(source, PythonLexer(), HtmlFormatter(nowrap=True))
    return {"name": path.name, "code": shown}


def run(name: str) -> dict[str, str]:
    """A Python file, highlighted, and what it prints.

    Raises:
        InputError: If there is no such file, it fails, or it or what it
            prints is not UTF-8.
    """
    path, shown = Path(name), code(name)
    done = outcome(path.resolve())
    if done.code:
        stderr = done.stderr.decode(errors="replace")
        said = stderr.strip().splitlines() or ["no message"]
        raise InputError(
            f"{path.name!r} failed ({said[-1]}), expected it to run; run it "
            "with Python to see where"
        )
    output = _decoded(done.stdout, f"what {path.name!r} prints")
    return {**shown, "output": output}


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


KINDS: dict[str, Callable[[str], Any]] = {
    "run": run,
    "code": code,
    "figure": page_figure,
    "picture": picture,
    "sheet": sheet,
    "thumbnail": thumbnail,
    "card": card,
    "titled": titled,
    "verified": verified,
    "catalogue": catalogue,
    "imports": imports,
    "shapes": shapes,
    "live": live,
    "vocabulary": vocabulary,
    "api": reference.api,
    "options": reference.options,
}
"""What can be drawn, by name."""


def serve() -> None:
    """Draw what lines of JSON ask for, until there are no more."""
    # Whoever asks ends this process; a terminal sends its signal to both.
    signal.signal(signal.SIGINT, lambda *_: None)
    # Figures are many small objects, and to look for garbage among them takes a
    # tenth of the time of a build.
    gc.set_threshold(100_000)
    # What a library prints must not get between the answers.
    with suppress(BrokenPipeError), os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)
        for line in sys.stdin.buffer:
            answers.write(json.dumps(_answer(json.loads(line))).encode())
            answers.write(b"\n")
            answers.flush()
            # A file may be another one when it is asked for again.
            _drawn.cache_clear()


def _answer(order: dict[str, Any]) -> dict[str, Any]:
    try:
        os.chdir(order["folder"])
        return {"drawn": [KINDS[kind](order["text"]) for kind in order["kinds"]]}
    except LstmFigsError as error:
        return {"problem": str(error)}
    except OSError as error:
        return {
            "problem": f"cannot read {str(error.filename)!r} "
            f"({error.strerror}), expected a file that can be read; check its "
            "name and its rights"
        }
    except Exception as error:
        # A mistake in the package, which somebody is editing.
        traceback.print_exc()
        said = f"{type(error).__name__}: {error}".removesuffix(": ")
        return {
            "problem": f"cannot draw {order['text']!r} ({said}), expected the "
            "code to run; the traceback in the terminal says where it fails"
        }
