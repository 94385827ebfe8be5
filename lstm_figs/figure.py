"""A drawn figure: shows itself in a notebook, saves itself to a file."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import UnknownName, UsageError
from .figures import CATALOG, MADE, RECORDED, WHOLE
from .files import write_files
from .form import LARGEST
from .marks import Text, walk
from .options import Value, figure_options
from .preamble.write import preamble
from .proof import Subject, sha256
from .render import SCALE, SCALES, Format, Sheet, compose, render, suffix_format
from .runs.variants import unpacked
from .scene import Diagram, Scene
from .tensors import Direction, Trace
from .theme import Theme
from .version import VERSION

if TYPE_CHECKING:
    from .render.inline import Choice

WIDTH = 720
"""The width that figures are composed for, unless asked otherwise."""


@dataclass(frozen=True, eq=False)
class Figure:
    """A scene with what its file says about itself.

    Attributes:
        name: The name in the catalogue.
        id: What its ids begin with.
        scene: What is drawn.
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
        return self.scene.heading.title

    @property
    def description(self) -> str:
        """What the figure shows, with its numbers."""
        return self.scene.description

    def numbers(self) -> list[Text]:
        """Every text that is a number with a proof."""
        return _numbers(self.sheet)

    def render(
        self, format: Format, theme: Theme, scale: float = SCALE
    ) -> bytes:
        """The figure as the bytes of a file.

        Args:
            format: `svg`, `png` or `pdf`.
            theme: `page` and `auto` are for SVG.
            scale: Pixels of a PNG for each unit of the figure.
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

    def inline(self, theme: "Choice" = "auto", more: str = "") -> str:
        """The figure as an `<svg>` that holds its own in any HTML page.

        Args:
            theme: `light`, `dark`, or `auto`, which follows the page.
            more: CSS for what stands around it.
        """
        from .render.inline import write_inline

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
        self,
        path: str | Path,
        theme: Theme | None = None,
        *,
        scale: float | None = None,
    ) -> Path:
        """Write the figure to a `.svg`, `.png` or `.pdf` file.

        Args:
            path: Where to; a file that exists is replaced.
            theme: By default `auto` for SVG, `light` for PNG and PDF.
            scale: Pixels of a PNG for each unit of the figure, 0.25 to 10, 2
                by default; 1 is 96 dpi.

        Returns:
            The path.

        Raises:
            UnknownName: If the suffix is not that of a format.
            UsageError: If the scale cannot be used.
            OutputError: If the file cannot be written.

        >>> import tempfile, lstm_figs as lf
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     lf.draw("cell").save(f"{folder}/cell.png", scale=3).name
        'cell.png'
        """
        path = Path(path)
        format = suffix_format(path)
        theme = theme or default_theme(format)
        if scale is not None and format != "png":
            raise UsageError(
                f"got scale={scale!r} for {path.name!r}, which has no pixels, "
                "expected a .png file; leave scale out"
            )
        low, high = SCALES
        if scale is not None and not low <= scale <= high:
            raise UsageError(
                f"got scale={scale!r}, expected {low:g} to {high:g}; choose "
                "another"
            )
        write_files({path: self.render(format, theme, scale or SCALE)})
        return path

    def __repr__(self) -> str:
        width, height = round(self.sheet.width), round(self.sheet.height)
        return (
            f"<Figure {self.name}: {self.title!r}, {width} x {height}, "
            f"{len(self.numbers())} numbers>"
        )

    def _repr_html_(self) -> str:
        """What a notebook shows; cells can show one figure of two traces."""
        if self.id != self.name:
            return self.inline()
        digest = hashlib.sha256(self.render("svg", "light")).hexdigest()
        id, command = f"{self.id}-{digest[:8]}", self.metadata["command"]
        again = f"{command} --id {id}" if command else None
        return replace(
            self, id=id, metadata={**self.metadata, "command": again}
        ).inline()


def default_theme(format: Format) -> Theme:
    """`auto` for SVG, `light` for pictures that cannot change."""
    return "auto" if format == "svg" else "light"


def draw_figure(
    name: str,
    trace: Trace,
    options: Mapping[str, Value],
    *,
    id: str | None = None,
    width: int = WIDTH,
    command: str | None = None,
    layer: int = 0,
    direction: Direction = "forward",
) -> Figure:
    """Compose one figure of a trace.

    Args:
        name: A name of the catalogue.
        trace: The tensors.
        options: The figure's own options.
        id: What ids begin with; the name by default.
        width: The width that it is composed for.
        command: The command line that gives the same figure.
        layer: The layer that is shown, counted from 0.
        direction: The direction that is shown.

    Raises:
        UnknownName: If there is no such figure.
        UsageError: If an option, the layer or the direction does not fit the
            tensors.
    """
    if name not in CATALOG:
        raise UnknownName("figure", name, CATALOG)
    _check_options(name, options)
    trace = unpacked(trace)
    options = {**_defaults(name, trace), **options}
    subject = _subject(name, trace, options, layer, direction)
    sizes = subject.weights
    if max(sizes.input_size, sizes.hidden_size) > LARGEST:
        raise UsageError(
            f"got input_size {sizes.input_size} and hidden_size "
            f"{sizes.hidden_size}, expected 1 to {LARGEST}; larger ones "
            "cannot be drawn"
        )
    scene: Scene = CATALOG[name](subject, width, **options)
    sheet = compose(scene)
    expressions = [t.number.expr for t in _numbers(sheet) if t.number]
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
            "weights_sha256": sha256(trace.weights),
        },
    )


def _defaults(name: str, trace: Trace) -> dict[str, Value]:
    """What options are where they are not given."""
    found = {o.name: o.default for o in figure_options(CATALOG[name])}
    # The second step is the first whose state is not zero.
    if "step" in found and len(trace.steps) == len(trace.weights):
        found["step"] = 1
    return found


def _check_options(name: str, options: Mapping[str, Value]) -> None:
    known = {o.name: o for o in figure_options(CATALOG[name])}
    for option, value in options.items():
        if option not in known:
            raise UnknownName(f"option of {name}", option, known)
        choices = known[option].choices
        if choices and value not in choices:
            raise UnknownName(f"{option} of {name}", str(value), choices)
        if known[option].many:
            if not isinstance(value, tuple) or not all(
                isinstance(one, int) for one in value
            ):
                raise UsageError(
                    f"got {option}={value!r}, expected whole numbers; pass a "
                    "tuple of ints"
                )
        elif not choices and not isinstance(value, int):
            raise UsageError(
                f"got {option}={value!r}, expected a whole number; pass an int"
            )


def _subject(
    name: str,
    trace: Trace,
    options: Mapping[str, Value],
    layer: int,
    direction: Direction,
) -> Subject:
    """What the figure is drawn of: a layer, or the module as a whole."""
    whole = name in WHOLE
    if whole and (layer, direction) != (0, "forward"):
        raise UsageError(
            f"got layer {layer}, {direction}, for {name}, expected none: it "
            "shows the whole module; leave them out"
        )
    subject = Subject(trace, layer, direction, whole)
    if name in MADE:
        subject = MADE[name](subject, options)
    if name in RECORDED:
        from .capture import record as recording

        record = recording.of(name, subject, options)
        return replace(subject, record=record)
    return subject


def _numbers(sheet: Sheet) -> list[Text]:
    return [
        mark
        for mark in walk(sheet.marks)
        if isinstance(mark, Text) and mark.number is not None
    ]
