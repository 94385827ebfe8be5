"""A drawn figure, which notebooks display and which can be saved to a file."""

import hashlib
import itertools
import math
import shlex
import threading
from base64 import b64encode
from collections.abc import Callable, Container, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path
from typing import Literal, get_args

from .errors import BeyondLimit, MissingTool, UnknownName, UsageError, check_known, no_gates, quoted
from .figures import LABELLED, RECORDED, SHEETS, VARIANTS, WHOLE_MODULE, composer, is_known, unknown
from .files import write_files
from .layout import words
from .layout.margins import inner_width
from .model.arguments import MAX_SIZE
from .model.layer_run import LayerRun, sha256
from .model.tensors import Direction, Trace
from .names import IDENTIFIER, check_own_id, is_identifier
from .options import Value, figure_options, is_whole_number
from .proof import digits, literals
from .proof.preamble.write import preamble
from .render import SCALE, Format, Sheet, compose, render, suffix_format
from .scene.marks import Text, walk
from .scene.scenes import Diagram, Head, Scene
from .scene.theme import Choice, Theme
from .version import VERSION

WIDTH = 720
"""The default width of figures."""

MAX_CHARS = 300
"""The most characters of a title or a note."""

Aspect = Literal["wide"]
"""The shape of a figure: `wide` is a slide of 16 : 9."""

MAX_SLIDE_HEIGHT = 720
"""The largest height of a slide; on a larger one, letters would be small."""

NARROW = 360
"""The width of a figure on a phone."""


@dataclass(frozen=True, eq=False)
class Figure:
    """A drawn scene with the metadata of its file.

    Attributes:
        name: The name in the catalogue.
        id: The prefix of all ids.
        scene: The scene, before its parts are placed.
        sheet: The scene with everything at its final place.
        metadata: The JSON object of its SVG.
    """

    name: str
    id: str
    scene: Scene
    sheet: Sheet
    metadata: dict[str, object]

    @property
    def title(self) -> str:
        """The point of the figure."""
        return str(self.scene.heading.title)

    @property
    def description(self) -> str:
        """What the figure shows, with its numbers."""
        return self.scene.description

    def numbers(self) -> list[Text]:
        """Every text that is a number with a proof."""
        return _numbers(self.sheet)

    def render(self, format: Format, theme: Theme, scale: float = SCALE) -> bytes:
        """The figure as the bytes of a file.

        Args:
            format: `svg`, `png` or `pdf`.
            theme: `page` and `auto` are for SVG.
            scale: Pixels of a PNG for each pixel of the width, 0.25 to 10.

        Raises:
            UnknownName: If there is no such format or theme.
            UsageError: If the scale cannot be used.
        """
        return render(
            self.sheet,
            format,
            theme,
            scale=scale,
            id=self.id,
            title=self.title,
            description=self.description,
            metadata=self.metadata,
        )

    def inline(self, theme: Choice = "auto", more: str = "") -> str:
        """The figure as an `<svg>` that looks the same in any HTML page.

        Args:
            theme: `light`, `dark`, or `auto`, which follows the page.
            more: CSS for the elements around it.

        Raises:
            UnknownName: If there is no such theme.
            UsageError: If the CSS is not a string.
        """
        from .render.inline import write_inline

        _check_theme(theme)
        if not isinstance(more, str):
            raise UsageError(f"got {quoted(more)} as CSS, expected a string; leave it out")
        return write_inline(
            self.sheet,
            id=self.id,
            title=self.title,
            description=self.description,
            metadata=self.metadata,
            theme=theme,
            more=more,
        )

    def save(
        self, path: str | PathLike[str], theme: Choice | None = None, *, scale: float | None = None
    ) -> Path:
        """Write the figure to a `.svg`, `.png` or `.pdf` file.

        Args:
            path: The file to write; an existing file is replaced.
            theme: By default `auto` for SVG, `light` for PNG and PDF.
            scale: Pixels of a PNG for each pixel of the width, 0.25 to 10, 2
                by default; 1 is 96 dpi.

        Returns:
            The path.

        Raises:
            UnknownName: If there is no format with this suffix, or no such
                theme.
            UsageError: If it is not a path, or the scale cannot be used.
            OutputError: If the file cannot be written.

        >>> import tempfile, lstm_figs as lf
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     lf.draw("cell").save(f"{folder}/cell.png", scale=3).name
        'cell.png'
        """
        try:
            path = Path(path)
        except TypeError as error:
            raise UsageError(
                f"got {quoted(path)} to save to, expected a path; pass a "
                "string that ends in .svg, .png or .pdf"
            ) from error
        format = suffix_format(path)
        if theme is None:
            theme = default_theme(format)
        _check_theme(theme)
        if scale is not None and format != "png":
            raise UsageError(
                f"got scale={quoted(scale)} for {path.name!r}, which has no "
                "pixels, expected a .png file; leave scale out"
            )
        scale = SCALE if scale is None else scale
        write_files({path: self.render(format, theme, scale)})
        return path

    def __repr__(self) -> str:
        width, height = round(self.sheet.width), round(self.sheet.height)
        return (
            f"<Figure {self.name}: {self.title!r}, {width} x {height}, "
            f"{len(self.numbers())} numbers>"
        )

    def _repr_html_(self) -> str:
        """The HTML for a notebook, with ids that differ in every output."""
        id = _free_id(self)
        arguments = shlex.split(str(self.metadata["command"] or ""))
        if "--id" in arguments:
            arguments[arguments.index("--id") + 1] = id
        elif arguments:
            arguments += ["--id", id]
        command = shlex.join(arguments) or None
        metadata = {**self.metadata, "command": command}
        return replace(self, id=id, metadata=metadata).inline()

    def _repr_mimebundle_(
        self, include: Container[str] | None = None, exclude: Container[str] | None = None
    ) -> tuple[dict[str, str], dict[str, dict[str, object]]]:
        """The formats that a notebook stores, so that any export has the figure.

        Args:
            include: The only types that are wanted. The default is a line of
                text, HTML, and, if Matplotlib is installed, a PNG with few
                colours and at most 60 kB. SVG and PDF are made on request.
            exclude: Types that are not wanted.

        Returns:
            The data of each type, images in base64, and the metadata of the
            PNG: its size in CSS pixels, and its alternative text.
        """
        makers: dict[str, Callable[[], str]] = {
            "text/plain": self.__repr__,
            "text/html": self._repr_html_,
            "image/png": self._notebook_png,
            "image/svg+xml": lambda: self.render("svg", "auto").decode(),
            "application/pdf": lambda: _base64(self.render("pdf", "light")),
        }
        requested = _NOTEBOOK_TYPES if include is None else include
        data = {}
        for kind, make in makers.items():
            if kind in requested and kind not in (exclude or ()):
                with suppress(MissingTool):
                    data[kind] = make()
        about: dict[str, object] = {
            "width": round(self.sheet.width),
            "height": round(self.sheet.height),
            "alt": f"{self.title}. {self.description}",
        }
        return data, {"image/png": about} if "image/png" in data else {}

    def _notebook_png(self) -> str:
        """The PNG that a notebook stores, for exports that cannot show SVG."""
        from .render.small_png import small_png

        # In base64, three bytes take four characters.
        max_bytes = _MAX_PICTURE * 3 // 4
        png = small_png(lambda scale: self.render("png", "light", scale), max_bytes)
        return _base64(png)


_MAX_PICTURE = 59_000
"""The most characters of a picture in a notebook, in base64.

With its line of text this makes 60 kB in addition to the SVG.
"""

_NOTEBOOK_TYPES = ("text/plain", "text/html", "image/png")
"""The formats of a figure that a notebook stores by default."""

_USED_IDS: set[str] = set()
"""The ids of figures that this process has displayed."""

_ID_LOCK = threading.Lock()
"""Held while the next id is chosen, because threads may draw at the same time."""


def _free_id(figure: Figure) -> str:
    """An id that is unique among the outputs of a notebook.

    A figure without an explicit id gets one from its content, which is the same
    each time the notebook runs.
    """
    id = figure.id
    if id == figure.name:
        digest = hashlib.sha256(figure.render("svg", "light")).hexdigest()
        id = f"{id}-{digest[:8]}"
    others = (f"{id}-{count}" for count in itertools.count(2))
    with _ID_LOCK:
        unused = next(i for i in itertools.chain([id], others) if i not in _USED_IDS)
        _USED_IDS.add(unused)
    return unused


def _base64(data: bytes) -> str:
    return b64encode(data).decode()


def default_theme(format: Format) -> Choice:
    """`auto` for SVG, and `light` for formats that cannot follow the page."""
    return "auto" if format == "svg" else "light"


def draw_figure(
    name: str,
    trace: Trace,
    options: Mapping[str, Value],
    *,
    id: str | None = None,
    width: int = WIDTH,
    title: str | None = None,
    note: str | None = None,
    no_heading: bool = False,
    no_notes: bool = False,
    aspect: Aspect | None = None,
    command: str | None = None,
    layer: int = 0,
    direction: Direction = "forward",
) -> Figure:
    """Compose one figure of a trace.

    Args:
        name: A name in the catalogue.
        trace: The trace with the tensors.
        options: The options of the figure.
        id: The prefix of ids; the name by default.
        width: The width of the figure.
        title: A title that replaces the figure's own.
        note: A note that is added at the bottom.
        no_heading: Whether to leave out the title and what is below it.
        no_notes: Whether to leave out the figure's own notes.
        aspect: `wide` composes it for a slide of 16 : 9.
        command: The command line that gives the same figure.
        layer: The layer, counted from 0.
        direction: The direction.

    Raises:
        UnknownName: If there is no such figure.
        UsageError: If the id, the width, the title or the note cannot be
            used, or an option, the layer or the direction does not fit the
            tensors.
    """
    if not is_known(name):
        raise unknown(name)
    check_form(id, width)
    check_size(name, width)
    check_words(name, width, title, note)
    check_parts(name, no_heading, no_notes)
    check_aspect(name, width, aspect)
    check_layer(layer)
    check_options(name, options)
    if trace.origin.plain is not None and options.get("focus") != "task":
        raise no_gates(name)
    trace = literals.source_setup(trace)
    if trace.batch_sizes is not None:
        from .proof.runs.variants import unpacked

        trace = unpacked(trace)
    arguments: Mapping[str, Value | None] = {**_defaults(name, trace), **options}
    subject = _subject(name, trace, arguments, layer, direction)
    sizes = subject.weights
    if max(sizes.input_size, sizes.hidden_size) > MAX_SIZE:
        raise UsageError(
            f"got input_size {sizes.input_size} and hidden_size "
            f"{sizes.hidden_size}, expected 1 to {MAX_SIZE}; larger ones "
            "cannot be drawn"
        )
    # A sheet has the width of its paper.
    width_argument = () if name in SHEETS else (width,)

    def heading_of(scene: Scene) -> Head:
        heading = scene.heading._replace(is_hidden=no_heading)
        return (heading.without_notes() if no_notes else heading).with_own(title, note)

    def composed() -> tuple[Scene, Sheet]:
        scene: Scene = composer(name)(subject, *width_argument, **arguments)
        scene = scene._replace(heading=heading_of(scene))
        return scene, compose(scene, is_slide=aspect is not None)

    scene, sheet = composed()
    # If one small number needs an exponent, all numbers get one.
    if any(f"e{digits.MINUS}" in text.content for text in _numbers(sheet)):
        with words.exponents():
            scene, sheet = composed()
    if aspect is not None and sheet.height > MAX_SLIDE_HEIGHT:
        remedy = "show fewer steps or units"
        if "at" in arguments and not trace.earlier:
            remedy = "show two moments, such as --at 450,600"
        raise BeyondLimit(
            f"got --aspect {aspect} for {name}, whose slide would be {sheet.width:.0f} x "
            f"{sheet.height:.0f}, expected at most {MAX_SLIDE_HEIGHT * 16 / 9:.0f} x "
            f"{MAX_SLIDE_HEIGHT}; leave it out, or {remedy}",
            option="aspect",
        )
    expressions = [t.number.expr for t in _numbers(sheet) if t.number]
    expressions += [
        expression
        for mark in walk(sheet.marks)
        for binding in mark.bound
        for expression in binding.expressions()
    ]
    setup = scene.setup if isinstance(scene, Diagram) else ""
    return Figure(
        name,
        id or name,
        scene,
        sheet,
        {
            "figure": name,
            "lstm_figs": VERSION,
            "torch": subject.torch,
            "command": command,
            "preamble": preamble(subject, expressions, setup),
            "weights_sha256": sha256(
                (trace.origin.plain,) if trace.origin.plain else trace.weights
            ),
        },
    )


def _defaults(name: str, trace: Trace) -> dict[str, Value | None]:
    """The default values of a figure's options."""
    defaults = {o.name: o.default for o in figure_options(composer(name))}
    # Figures of one step draw the second, the first whose state is not zero, if there is one.
    has_one_step = len(trace.steps) == len(trace.weights)
    if "step" in defaults and has_one_step:
        defaults["step"] = 1
    has_one_unit = trace.weights[0].hidden_size == 1
    if defaults.get("unit") == 1 and has_one_unit:
        defaults["unit"] = 0
    return defaults


def _check_theme(theme: Choice) -> None:
    check_known("theme", theme, get_args(Choice))


def check_form(id: str | None, width: int) -> None:
    """Check an id and a width.

    Raises:
        UsageError: If the id is malformed, if it is reserved for forms of a different
            width, or if the width is out of range.
    """
    if not is_whole_number(width) or not NARROW <= width <= WIDTH:
        raise UsageError(
            f"got width={quoted(width)}, expected a whole number from {NARROW} "
            f"to {WIDTH}; choose another"
        )
    if id is not None and not is_identifier(id):
        raise UsageError(f"got id={quoted(id)}, expected {IDENTIFIER}; choose another")
    if id is not None:
        check_own_id(id, width)


def check_size(name: str, width: int) -> None:
    """Check that a sheet gets no width.

    Raises:
        UsageError: If the width is not the default.
    """
    if name in SHEETS and width != WIDTH:
        raise UsageError(
            f"got width {width} for {name}, expected none: it has the size of "
            "its paper; leave it out"
        )


def check_words(name: str, width: int, title: str | None, note: str | None) -> None:
    """Check a title and a note.

    Raises:
        UsageError: If one is not a single line of text, if a word is too long,
            or if the figure is a sheet, which has no title or note to set.
    """
    for option, text, size in (("title", title, words.TITLE), ("note", note, words.NOTE)):
        if text is None:
            continue
        if name in SHEETS:
            raise UsageError(
                f"got a {option} for {name}, expected none: a sheet has its own words; leave it out"
            )
        if (
            not isinstance(text, str)
            or not text.strip()
            or not text.isprintable()
            or len(text) > MAX_CHARS
        ):
            raise UsageError(
                f"got {option}={quoted(text)}, expected one line of 1 to "
                f"{MAX_CHARS} characters; write another"
            )
        for word in text.split(" "):
            if words.width(word, size, bold=option == "title") > inner_width(width):
                raise UsageError(
                    f"got {quoted(word)} in a {option}, expected words that "
                    f"fit a line of {inner_width(width):g} pixels; break it in two"
                )


def check_parts(name: str, no_heading: object, no_notes: object) -> None:
    """Check whether the heading and the notes can be left out.

    Raises:
        UsageError: If one is not a bool, or the figure is a sheet, which has neither.
    """
    for option, is_left_out in (("no_heading", no_heading), ("no_notes", no_notes)):
        if not isinstance(is_left_out, bool):
            raise UsageError(
                f"got {option}={quoted(is_left_out)}, expected True or False; pass one of them"
            )
        if is_left_out and name in SHEETS:
            raise UsageError(
                f"got --{option.replace('_', '-')} for {name}, expected none: a sheet has its own "
                "words; leave it out"
            )


def check_aspect(name: str, width: int, aspect: object) -> None:
    """Check that a figure can be composed for a slide.

    Raises:
        UnknownName: If the aspect is unknown.
        UsageError: If the figure is a sheet, or has a width of its own.
    """
    if aspect is None:
        return
    check_known("aspect", aspect, get_args(Aspect))
    if name in SHEETS or width != WIDTH:
        got = f"--width {width}" if width != WIDTH else name
        raise UsageError(
            f"got --aspect with {got}, expected one of them, because each determines the size; "
            "leave one out"
        )


def check_labelled(name: str) -> None:
    """Check that a figure shows labels.

    Raises:
        UsageError: If it does not.
    """
    if name not in LABELLED:
        raise UsageError(
            f"got labels for {name}, expected one of "
            f"{', '.join(sorted(LABELLED))}; leave them out, or draw one of "
            "these"
        )


def check_layer(layer: object) -> None:
    """Check the index of a layer.

    Raises:
        UsageError: If it is not an int.
    """
    if not is_whole_number(layer):
        raise UsageError(f"got layer={quoted(layer)}, expected a whole number; pass an int")


def check_options(name: str, options: Mapping[str, Value]) -> None:
    """Check the options of a figure.

    Raises:
        UnknownName: If an option, or a word as its value, is unknown.
        UsageError: If a value has the wrong type.
    """
    known = {o.name: o for o in figure_options(composer(name))}
    for option, value in options.items():
        if option not in known:
            raise UnknownName(f"option of {name}", option, known)
        choices = known[option].choices
        if choices:
            check_known(f"{option} of {name}", value, choices)
        elif known[option].is_list:
            if not isinstance(value, tuple) or not all(map(is_whole_number, value)):
                raise UsageError(
                    f"got {option}={quoted(value)}, expected whole numbers; pass a list of ints"
                )
        elif known[option].is_decimal:
            if (
                isinstance(value, bool)
                or not isinstance(value, int | float)
                or not math.isfinite(value)
            ):
                raise UsageError(f"got {option}={quoted(value)}, expected a number; pass a float")
        elif not is_whole_number(value):
            raise UsageError(f"got {option}={quoted(value)}, expected a whole number; pass an int")


def _subject(
    name: str, trace: Trace, options: Mapping[str, Value | None], layer: int, direction: Direction
) -> LayerRun:
    """What the figure shows: one layer in one direction, or the whole module."""
    shows_module = name in WHOLE_MODULE
    if shows_module and (layer, direction) != (0, "forward"):
        raise UsageError(
            f"got layer {layer}, {direction}, for {name}, expected none: it "
            "shows the whole module; leave them out"
        )
    subject = LayerRun(trace, layer, direction, shows_module)
    if name in VARIANTS:
        subject = VARIANTS[name](subject, options)
    if name in RECORDED:
        from .capture import record as recording

        set_options = {k: v for k, v in options.items() if v is not None}
        record = recording.of(name, subject, set_options)
        return replace(subject, record=record)
    return subject


def _numbers(sheet: Sheet) -> list[Text]:
    """The texts that are numbers of tensors."""
    return [
        mark for mark in walk(sheet.marks) if isinstance(mark, Text) and mark.number is not None
    ]
