"""Labels say what they name, stand where it is, and no number lacks one."""

import math
import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from tests.binding import homes
from tests.binding.axes import (
    ALIASES,
    Meaning,
    UnknownNameError,
    is_paired,
    is_quantity,
    meaning,
    parts,
    sequence,
    skeleton,
    union,
)
from tests.binding.calls import ONE
from tests.binding.drawing import Box, Drawing, Mark, joined

GATE_WORDS = {
    "i": {"i", "input", "write", "written"},
    "f": {"f", "forget", "keep", "kept"},
    "g": {"g", "cell", "candidate", "new", "c"},
    "o": {"o", "output", "show", "shown"},
}
"""How a gate is said, beside its letter."""

COMMON = {"input", "output", "cell", "c"}
"""Words that also say something else."""

RENAMING = ("keras[", "onnx[", "openvino[")
"""Begins what belongs to libraries that call the gate g by the letter c."""

SYMBOLS: dict[str, tuple[str, ...]] = homes.gathered(
    "SYMBOLS",
    {
        "outputs": ("h",),
        "x": ("input",),
        "h_prev": ("ht−1", "h before"),
        "c_prev": ("ct−1", "c before"),
        "tanh_c": ("tanh c",),
        "o*tanh_c": ("o·tanh c",),
        "f*c_prev": ("kept",),
        "i*g": ("written",),
        "weight_ih": ("Wih",),
        "weight_hh": ("Whh",),
        "weight_hr": ("Whr",),
        "bias": ("biases", "bias sum"),
        "ih": ("Wih·x", "from x", "y"),
        "hh": ("Whh·h", "from h"),
        "bias_ih": ("bih",),
        "bias_hh": ("bhh",),
        "z_i": ("zi",),
        "z_f": ("zf",),
        "z_g": ("zg",),
        "z_o": ("zo",),
        "c_0": ("c",),
        "h_0": ("h",),
    },
)
"""How a tensor is said, beside its name."""

AXIS_WORDS = {
    "step": {"steps", "seq_len", "time"},
    "sample": {"batch", "sequence"},
    "input": {"input", "inputs", "input_size", "feature"},
    "unit": {"hidden", "hidden_size", "proj", "proj_size", "unit"},
    "feature": {"D·hidden", "D·hidden_size", "D·proj", "D·proj_size", "unit"},
    "part": {"D·layers", "D·num_layers", "layers", "num_layers", "layer"},
    "row": {"4·hidden_size"},
    "column": {"hidden_size"},
    "class": {"classes"},
}
"""How an axis is said, by what `axes.AXES` calls it."""

LENGTHS = {"layers": "num_layers", "hidden": "hidden_size", "proj": "proj_size"}
"""Words for axes that say how long these are, and where the module has that; D
is the number of directions."""

RUNS = {"0": ("0", "nn.LSTM"), "RNN": ("nn.RNN",), "own": ("this run",)}
"""How a run is said, beside its key."""

COUNTED = (*("row", "unit", "input", "step", "layer", "sample", "count"), *("way", "write"))
"""Keys whose values are whole numbers, of which a text says each."""

NUMBERS = (*COUNTED, "shape")
ELSEWHERE = ("unit", "gate", "tensor", "layer", "direction", "sample")
"""Keys that a text need not say where it says another."""

KEYS = (
    *COUNTED,
    "gate",
    "direction",
    "tensor",
    "shape",
    "axis",
    "run",
    "rank",
    "near",
    "statistic",
    "operator",
    "when",
)
ALONG = ("row", "column", "band", "block")

PITCH = 4.3
"""How far a label may be from the middle of several columns: half a digit, by
which a number leans that lost one where another needs an exponent."""

EDGE = 0.6
"""By how much places may differ that are written in hundredths."""


def faults(drawing: Drawing) -> list[str]:
    """What is wrong with the labels of a figure."""
    found = [f"{number} is named by no label" for number in _unnamed(drawing, drawing.numbers)]
    for label in drawing.labels:
        found += [f"{label} {fault}" for fault in _faults(drawing, label)]
    return found


def _unnamed(drawing: Drawing, marks: Iterable[Mark]) -> list[Mark]:
    """Marks that no label names, themselves or what they lie in."""
    named = {id(m.element) for a in drawing.labels for m in drawing.named(a)}
    return [mark for mark in marks if not {id(e) for e in (mark.element, *mark.around)} & named]


def _faults(drawing: Drawing, label: Mark) -> list[str]:
    patterns = label.get("data-for").split()
    found = [f"names {p}, which is nothing" for p in patterns if not drawing.match(p)]
    found += [f"has the key {k}" for k in label.names if k not in KEYS]
    if not label.names and not label.has("data-says"):
        found.append("says nothing")
    if not patterns:
        found.append("names nothing")
    if label.along not in ALONG:
        found.append(f"stands along {label.along!r}")
    if found:
        return found
    targets = drawing.named(label)
    return [
        *(() if label.has("data-says") else saying(label)),
        *agreeing(drawing, label, targets),
        *_PLACES[label.along](
            drawing,
            label,
            [
                part_of(drawing, label, target)
                for target in targets
                if not _led(drawing, label, target)
            ],
        ),
    ]


def part_of(drawing: Drawing, label: Mark, target: Mark) -> Mark:
    """The row or column that a label says, of a heat map over the steps.

    A call for all steps is divided among them. Other marks are as they were.
    """
    from tests.binding.lengths import grid

    if "step" in label.names and ONE.fullmatch(target.expression):
        return _share(drawing, label, target)
    if "unit" in label.names and target.get("data-draws") == "area":
        return _column(drawing, label, target)
    cells = grid(target)
    view = cells and meaning(drawing, target.expression).views[0]
    if cells is None or view is None or "step" not in view.left:
        return target
    frame = [*cells.frame]
    meant = meaning(drawing, target.expression)
    for k, axis in enumerate(view.left):
        called = [
            {meant.called(view, index)}
            if axis == "step"
            else meant.written(view, index)
            if axis == "write"
            else {index}
            for index in view.at[axis]
        ]
        said = values(label.names.get(axis, "-1"))
        if said in called:
            place = called.index(said)
            low, high = frame[1 - k], frame[3 - k]
            each = (high - low) / len(called)
            frame[1 - k] = low + place * each
            frame[3 - k] = low + (place + 1) * each
    part = Mark(target.element, target.around, target.name)
    part.__dict__["box"] = Box(*frame)
    return part


def _column(drawing: Drawing, label: Mark, target: Mark) -> Mark:
    """The column of the unit that a label says, of an area over units."""
    from tests.binding.lengths import scales

    view = meaning(drawing, target.expression).views[-1]
    wanted = values(label.names["unit"])
    if view.left != ("unit",) or not wanted <= {*view.at["unit"]}:
        return target
    across, place = scales(target)[0], view.at["unit"].index(min(wanted))
    left, right = (across.beyond(place + half) for half in (-0.5, 0.5))
    part = Mark(target.element, target.around, target.name)
    part.__dict__["box"] = target.box._replace(left=left, right=right)
    return part


def _share(drawing: Drawing, label: Mark, target: Mark) -> Mark:
    """What a call has of the step that a label says."""
    (view,) = meaning(drawing, target.expression).views
    steps = view.calls[view.at["call"][0]].steps
    wanted = values(label.names["step"])
    if not wanted <= {*steps}:
        return target
    wide = (target.box.right - target.box.left) / len(steps)
    left = target.box.left + (min(wanted) - min(steps)) * wide
    part = Mark(target.element, target.around, target.name)
    part.__dict__["box"] = target.box._replace(left=left, right=left + len(wanted) * wide)
    return part


def _led(drawing: Drawing, label: Mark, target: Mark) -> bool:
    """Whether a line leads from a label to what it names, wherever it is."""
    return {label.name, target.name} in drawing.leaders


def values(value: str) -> set[int]:
    """A number, or a range of them.

    >>> sorted(values("2..4")), values("7")
    ([2, 3, 4], {7})
    """
    first, _, last = value.partition("..")
    return set(range(int(first), int(last or first) + 1))


def saying(label: Mark) -> list[str]:
    """Whether the text of a label says its names and nothing else.

    What is said elsewhere as well, such as the unit of a whole panel, it need
    not say.
    """
    names = label.names
    text = re.sub(r"_\w+", "", label.text)
    said = [int(n) for n in re.findall(r"(?<![A-Za-z])\d+", text)]
    symbols = SYMBOLS.get(names.get("tensor", ""), ())
    if label.text in (*AXIS_WORDS.get(names.get("axis", ""), ()), *symbols):
        # A word for an axis may have a number in it, as may a symbol.
        said = []
    found, silent = [], []
    # What it need not say takes no number from what it must.
    for key in sorted(NUMBERS, key=ELSEWHERE.__contains__):
        if key in names:
            wanted = [int(n) for n in re.findall(r"\d+", names[key])]
            if key == "write":
                # The last of these is the step whose row it is in.
                wanted = [n for n in wanted if str(n) != names.get("step")]
                said += [0] * (label.text == "before")
            if all(n in said for n in wanted):
                for n in wanted:
                    said.remove(n)
            else:
                silent.append(key)
    words = set(re.findall(r"[A-Za-z]+", label.text))
    gates = set(names.get("gate", "").split(",")) - {""}
    for gate, ways in GATE_WORDS.items():
        if gate in gates and not words & ways:
            silent.append("gate")
        if gates and gate not in gates and words & (ways - COMMON):
            found.append(f"says the gate {gate}")
    if "tensor" in names and not any(way in label.text for way in spellings(names["tensor"])):
        silent.append("tensor")
    if "run" in names:
        run = names["run"]
        ways = [w for w in RUNS.get(run, (run,)) if whole(w, label.text)]
        silent += ["run"] * (not ways)
        said = [n for n in said if str(n) not in ways]
    if "rank" in names:
        silent += ["rank"] * (label.text != names["rank"])
        said = []
    if "near" in names:
        silent += ["near"] * (label.text != f"near {names['near']}")
        said = []
    if said:
        found.append(f"says {said} beside {names}")
    if "operator" in names:
        silent += ["operator"] * (label.text != names["operator"])
        said = []
    for key in ("direction", "statistic", "when"):
        if names.get(key, "") not in label.text:
            silent.append(key)
    if label.text not in AXIS_WORDS.get(names.get("axis", ""), {label.text}):
        silent.append("axis")
    found += [f"does not say {k}={names[k]}" for k in silent if k not in ELSEWHERE]
    if strange := unexplained(label):
        found.append(f"says {strange!r}, which is nothing that it names")
    if not set(names) - set(silent):
        found.append(f"says nothing of {names}")
    return found


NOUNS = {
    "unit": "unit|units|h|c|h_prev|c_prev",
    "gate": "gate",
    "input": "x",
    "step": "step|after",
    "write": "before",
    "row": "row|rows|h_n|c_n",
    "layer": "layer",
    "sample": "sequence",
    "rank": r"p\d+|median",
    "near": "near",
    "shape": "",
    "when": "in|step|before|after",
}
"""What a label may say beside a value of a key, before it as a rule."""

DECORATED = r"( ≤|(_l\d+)?(_reverse)?(\.T|\.grad)?)"
"""What may follow the name of a tensor: of a scale, or of a parameter."""


def unexplained(label: Mark) -> str:
    """What is left of the text of a label without what it names.

    A name is said whole: `h_prev` is not the name of h, nor is ∂h.
    """
    names, text = label.names, label.text
    ways: list[str] = []
    for tensor in names.get("tensor", "").split(","):
        for way in spellings(tensor) if tensor else ():
            of = re.escape(way)
            ways += [rf"(of )?{of}{DECORATED}"]
            if tensor in DERIVED:
                ways += [rf"∂{of}(/∂{of}_prev| ≤)?"]
    for gate in {*names.get("gate", "").split(",")} & GATE_WORDS.keys():
        ways += [rf"(of )?({'|'.join(sorted(GATE_WORDS[gate]))})"]
    for key in names.keys() & NOUNS.keys():
        ways += [f"({NOUNS[key]})"]
    for key in ("operator", "direction", "statistic", "run"):
        if key in names:
            said = RUNS.get(names[key], (names[key],))
            ways += [re.escape(one) for one in said]
    if "run" in names:
        ways += ["(forget )?bias"]
    ways += map(re.escape, AXIS_WORDS.get(names.get("axis", ""), ()))
    whole = "|".join(sorted(ways, key=len, reverse=True)) or "(?!)"
    left = re.sub(rf"(?<![\w∂]){'('}{whole}{')'}(?![\w/])", "", text)
    return re.sub(r"[\s\d\[\](),–+−=-]", "", left)


DERIVED = ("h", "c")
"""Quantities of which derivatives are drawn."""

ELEMENTS = {
    "x": {"x", "weight_ih", "ih"},
    "h": {"h", "output", "outputs", "h_prev", "weight_hh", "weight_hr", "hh"},
    "c": {"c"},
    "h_prev": {"h_prev"},
    "c_prev": {"c_prev"},
    "h_n": {"h_n"},
    "c_n": {"c_n"},
}
"""Whose element `x[0]` and so on may be, by the tensors that it names."""


def _strange(label: Mark, tensors: set[str]) -> list[str]:
    """Whether the name of a tensor is that of what is drawn.

    Args:
        label: The label.
        tensors: What it names, by the names of the preamble.
    """
    text, found = label.text, []
    derived = {t for t in tensors if t.startswith(("dh_d", "dc_d"))}
    if label.names.get("tensor") in DERIVED and bool(derived) != ("∂" in text):
        found.append(f"calls {sorted(tensors)} so")
    # What is read at a step may look like any name.
    is_read = "tokens" in label.get("data-says")
    called = not is_read and re.match(r"(\w+)\[", text)
    if called and called[1] in ELEMENTS and derived:
        # A row is a unit after the step, a column one before it.
        ends = "_prev" * (label.along == "column")
        right = {f"{one[1]}{ends}" for one in derived}
        if called[1] not in right:
            found.append(f"calls elements of {sorted(derived)} so")
    elif called and not ELEMENTS.get(called[1], tensors) & tensors:
        found.append(f"calls elements of {sorted(tensors)} so")
    return found


def whole(way: str, text: str) -> bool:
    """Whether a text says a name, and not as a part of a longer one.

    >>> whole("RNN", "nn.RNN"), whole("1", "+12")
    (True, False)
    """
    return bool(re.search(rf"(?<!\w){re.escape(way)}(?!\w)", text))


FORM = re.compile("_(first|one|batch)$")
"""How names end of tensors that are called in another way."""


def spellings(tensor: str) -> tuple[str, ...]:
    """How a text says a tensor or a product.

    >>> spellings("i*g")
    ('i*g', 'i·g', 'written')
    """
    tensor = FORM.sub("", tensor.removeprefix("packed."))
    spaced = tensor.replace("*", "·")
    ways = (tensor, spaced, ALIASES.get(tensor, tensor))
    return tuple(dict.fromkeys((*ways, *SYMBOLS.get(tensor, ()))))


def agreeing(drawing: Drawing, label: Mark, targets: list[Mark]) -> list[str]:
    """Whether what a label names is what it says."""
    found, meanings = [], []
    for target in targets:
        # A shape is that of a whole tensor, not of what stands in it.
        whole = [target.element] if target.has("data-of") else []
        inside = whole if "shape" in label.names else target.inside
        if not inside:
            found.append(f"names {target}, which stands for nothing")
        for element in inside:
            expression = element.get("data-expr") or element.get("data-of", "")
            try:
                meant = meaning(drawing, expression)
            except UnknownNameError as error:
                found.append(f"names {expression}: {error}")
                continue
            meanings.append(meant)
            if label.names.get("gate") == "g" and label.text in ("c", "g"):
                renamed = expression.startswith(RENAMING)
                if renamed != (label.text == "c"):
                    found.append(f"calls the gate of {expression} so")
            if not is_paired(meant):
                found.append(f"names {expression}, whose factors do not meet")
            found += [
                f"has {key}={label.names[key]} for {expression}, {actual}"
                for key, actual in _disagreeing(drawing, label, expression, meant)
            ]
    found += _strange(label, {FORM.sub("", t) for meant in meanings for t in meant.tensors})
    counted = [k for k in label.names if k in COUNTED and k != "count"]
    together = union(meanings) if counted and not found else {}
    for key in counted:
        value = label.names[key]
        if not found:
            missing = values(value) - _said(together, key, label)
            if missing:
                found.append(f"says {key}={value}, of which nothing is named")
    if label.names.get("count", str(len(targets))) != str(len(targets)):
        found.append(f"counts {label.names['count']} for {len(targets)}")
    return [*found, *_mismeasured(drawing, label, targets)]


def _mismeasured(drawing: Drawing, label: Mark, targets: list[Mark]) -> Iterator[str]:
    """Whether an axis is as long as the words for it say."""
    words = label.text.split("·")
    if "axis" not in label.names or not {*words} <= {"D", *LENGTHS}:
        return
    module = drawing.namespace.get("lstm", drawing.namespace.get("cell"))
    sizes = {word: getattr(module, name, 1) for word, name in LENGTHS.items()}
    sizes["D"] = 1 + getattr(module, "bidirectional", False)
    size = math.prod(sizes[word] for word in words)
    yield from (
        f"is {size} long, and {target} stands by it"
        for target in targets
        if float(target.get("data-value")) != size
    )


def _disagreeing(
    drawing: Drawing, label: Mark, expression: str, meant: Meaning
) -> list[tuple[str, str]]:
    """Keys of a label that an expression has otherwise, and how."""
    found = []
    for key, value in label.names.items():
        if key == "count":
            continue
        if key in ("rank", "near"):
            if not _is_of(drawing, expression, key, value):
                found.append((key, expression))
            continue
        if key == "shape":
            shape = drawing.value(f"tuple(({expression}).shape)")
            if [*shape] != [int(n) for n in re.findall(r"\d+", value)]:
                found.append((key, f"shape {shape}"))
            continue
        if key == "statistic":
            if not expression.endswith(f".{value}()"):
                found.append((key, "another"))
            continue
        wanted: set[object]
        wanted = {*values(value)} if key in COUNTED else {*value.split(",")}
        actual = _said(meant.keys, key, label)
        if key == "tensor":
            actual = quantities(expression, meant)
        agree = wanted <= actual or (key in COUNTED and actual <= wanted)
        if key in ("operator", "when"):
            agree = wanted == actual
        if not actual or not agree:
            named = ", ".join(map(str, sorted(actual, key=str))) or (
                f"nothing; FIXED in {homes.where(drawing.figure)}/__init__.py "
                "says what is true of a tensor wherever one looks"
            )
            found.append((key, f"{key} {named}"))
        elif key in ("gate", "tensor") and not is_quantity(expression):
            found.append((key, "no such thing"))
    return found


RANKS = {"p90": 90, "p75": 75, "median": 50, "p25": 25, "p10": 10}
"""Which part of a hundred elements is not above an element of that rank."""


LIMITS = {"1": "> 0.9", "0": "< 0.1", "−1": "< -0.9"}
"""What is near the end of a range."""


def _is_of(drawing: Drawing, expression: str, key: str, value: str) -> bool:
    """Whether an expression is an element of a rank, or a count with a limit.

    It is the lower of two, where a rank lies between two elements.
    """
    if key == "near":
        within = re.escape(LIMITS[value])
        return bool(re.fullmatch(rf"\((.*) {within}\)\.sum\(\)", expression))
    found = re.fullmatch(r"(.*)\.sort\(\)\.values\[(\d+)\]", expression)
    if found is None:
        return False
    count = len(drawing.value(found[1]))
    return int(found[2]) == (count - 1) * RANKS[value] // 100


def _said(keys: dict[str, set[object]], key: str, label: Mark) -> set[object]:
    """What a key means for a label: over `weight_hh` stand other units."""
    if "column" in keys and (key == "input" or (key == "unit" and label.along == "column")):
        return keys["column"] | (keys.get("input", set()))
    return keys.get(key, set())


QUANTITIES = {
    "f.prod": "f.prod",
    "bias_ih + bias_hh": "bias",
    "seeing_h - own_h": "moved",
    "-(grad_bias_ih + grad_bias_hh": "move",
}
"""What sums are called."""


def quantities(expression: str, meant: Meaning) -> set[object]:
    """What an expression is of: a product is neither of its factors.

    The rest of a sum of products is made of them.
    """
    bare = [
        re.sub(r"\)?(\.index_fill\(.*\)\.sum\(\)|\.sort\(\)\.values)$", "", skeleton(part)).strip(
            "()"
        )
        for part in parts(expression)
    ]
    bare = [QUANTITIES.get(b, b).removeprefix("-(") for b in bare]
    products = {b.replace(" ", "") for b in bare if "*" in b or b in QUANTITIES.values()}
    return {*products} if products else meant.keys.get("tensor", set())


def _rivals(drawing: Drawing, label: Mark) -> list[Mark]:
    """Labels that say something else of the same key."""
    names = label.names
    keys = [k for k in names if k in COUNTED or k in ("gate", "operator")]
    return [
        other
        for other in drawing.labels
        if other.names.keys() <= names.keys()
        and any(other.names.get(key, names[key]) != names[key] for key in keys)
    ]


def in_row(drawing: Drawing, label: Mark, targets: list[Mark]) -> list[str]:
    """On the line of what it names."""
    found = []
    rivals = _rivals(drawing, label)
    for target in targets:
        box = cell_box(drawing, label, target, "row")
        top, bottom = box.top, box.bottom
        if not top - EDGE <= label.middle <= bottom + EDGE:
            found.append(f"is not on the line of {target}")
        for other in rivals:
            on_line = top <= other.middle <= bottom
            if on_line and _between(label.box, other.box, target.box):
                found.append(f"has {other} between it and {target}")
    return found


def _between(first: Box, middle: Box, last: Box) -> bool:
    """Whether one box lies between two others, seen across."""
    if first.x > last.x:
        first, last = last, first
    return first.right <= middle.x <= last.left


def in_column(drawing: Drawing, label: Mark, targets: list[Mark]) -> list[str]:
    """Over or under the middle of what it names."""
    found = []
    rivals = [other for other in _rivals(drawing, label) if other.along == "column"]
    # `lengths.step_faults` holds a step to the curves that go through it.
    if "step" in label.names:
        curves = ("path", "area")
        targets = [t for t in targets if t.get("data-draws") not in curves]
    if not targets:
        return []
    boxes = [cell_box(drawing, label, t, "column") for t in targets]
    span = joined(boxes)
    if _are_aligned(label, targets):
        # A column of numbers that ends where its name does.
        boxes = [label.box._replace(top=b.top, bottom=b.bottom) for b in boxes]
        span = joined(boxes)
    one = all(t.left <= span.x <= t.right for t in boxes)
    # Numbers of unlike widths stand in the middles of cells that are alike.
    centres = [box.x for box in boxes]
    middles = (span.x, (min(centres) + max(centres)) / 2)
    pitch = PITCH * (1 + _lean(targets))
    if not one and all(abs(label.box.x - x) > pitch for x in middles):
        found.append("is not over or under the middle of what it names")
    for target, box in zip(targets, boxes, strict=True):
        aligned = _are_aligned(label, targets)
        if one and not aligned and not _is_over(label.box, target, box, _lean(targets)):
            found.append(f"is not over or under the middle of {target}")
        for other in rivals:
            across = box.left - EDGE <= other.box.x <= box.right + EDGE
            heights = sorted([label.middle, target.middle])
            if across and heights[0] < other.middle < heights[1]:
                found.append(f"has {other} between it and {target}")
            beside = abs(other.middle - label.middle) < EDGE
            nearer = abs(other.box.x - box.x) < abs(label.box.x - box.x) - EDGE
            # What stands beside a row of cells is not what names its last.
            over = span.left - EDGE <= other.box.x <= span.right + EDGE
            if beside and nearer and over:
                found.append(f"is farther from {target} than {other}")
    return found


def _are_aligned(label: Mark, targets: list[Mark]) -> bool:
    """Whether all are texts that end at one place."""
    ends = [mark for mark in (label, *targets) if mark.is_text]
    return (
        len(ends) == len(targets) + 1 > 1
        and {mark.get("text-anchor") for mark in ends} == {"end"}
        and max(m.box.right for m in ends) - min(m.box.right for m in ends) <= EDGE
    )


def _lean(targets: list[Mark]) -> int:
    """How many digits after its point one number lacks that another has.

    Points stand below each other, or as far from the middles of their cells.
    """
    ends = [
        len(target.text) - len(target.text.partition(".")[0])
        for target in targets
        if target.is_text and target.get("text-anchor") == "end"
    ]
    # An exponent stands where others have digits after their point.
    exponent = any("e" in t.text and "." not in t.text for t in targets)
    return max(exponent, max(ends, default=0) - min(ends, default=0))


def _is_over(label: Box, target: Mark, box: Box, lean: int) -> bool:
    """Whether a label is over the middle; the digits of a number may lean."""
    if target.is_text and target.get("text-anchor") != "middle":
        room = PITCH * (1 + lean)
        return target.box.left - room <= label.x <= target.box.right + room
    if target.get("data-draws") == "fill" and label.left <= box.left and box.right <= label.right:
        # The index of a narrow column of colours keeps off what is beside it.
        return True
    # A number at the end of a group may stick out of its cell.
    room = PITCH / 2 if len(target.inside) > 1 else EDGE
    return abs(label.x - box.x) <= room


def cell_box(drawing: Drawing, label: Mark, target: Mark, axis: str) -> Box:
    """The box of a target; of a heat map that of the row or column named."""
    from tests.binding.lengths import grid

    cells = grid(target)
    if cells is None or "step" in meaning(drawing, target.expression).keys:
        # Over the steps, `_part` has found it.
        return target.box
    value = drawing.value(target.get("data-of"))
    shape = len(value), len(value[0])
    keys = ("row",) if axis == "row" else ("input", "unit")
    named = [label.names[k] for k in keys if k in label.names]
    if len(named) != 1 or not named[0].isdecimal():
        return cells.frame
    index = int(named[0])
    if axis == "column":
        found = cells.cell(0, index // cells.columns, shape)
        return Box(found.left, cells.frame.top, found.right, cells.frame.bottom)
    rows = meaning(drawing, target.get("data-of")).keys["row"]
    place = (index - min(map(int, map(str, rows)))) // cells.rows
    found = cells.cell(place, 0, shape)
    return Box(cells.frame.left, found.top, cells.frame.right, found.bottom)


def _row_of(drawing: Drawing, label: Mark, target: Mark) -> Box | None:
    """The row of a unit in a heat map of units, none of anything else."""
    from tests.binding.lengths import grid

    cells, unit = grid(target), label.names.get("unit", "")
    if cells is None or not unit.isdecimal():
        return None
    if sequence(drawing, target.expression):
        return None
    value = drawing.value(target.get("data-of"))
    return cells.cell(int(unit) // cells.rows, 0, (len(value), len(value[0])))


@lru_cache(maxsize=2**12)
def reach(mark: Mark) -> Box:
    """The box of a mark; what is drawn on a scale has that of the scale."""
    box = mark.box
    if mark.get("data-draws") in ("height", "path", "area"):
        ends = [float(word) for word in mark.get("data-map").split()[-2:]]
        return Box(box.left, min(box.top, *ends), box.right, max(box.bottom, *ends))
    return box


def in_band(drawing: Drawing, label: Mark, targets: list[Mark]) -> list[str]:
    """Beside what it names, within its span."""
    if not targets:
        return []
    span = joined([reach(target) for target in targets])
    found = []
    if not span.top - EDGE <= label.middle <= span.bottom + EDGE:
        found.append("is not within the span of what it names")
    if span.left < label.box.x < span.right:
        found.append("is not beside what it names")
    for row in filter(None, (_row_of(drawing, label, t) for t in targets)):
        if not row.top - EDGE <= label.middle <= row.bottom + EDGE:
            found.append("is not beside its row")
    for other in _rivals(drawing, label):
        within = span.top < other.middle < span.bottom
        if within and _between(label.box, other.box, span):
            found.append(f"has {other} between it and what it names")
    return found


def in_block(drawing: Drawing, label: Mark, targets: list[Mark]) -> list[str]:
    """At the edge of what holds what it names, and nothing else of the kind."""
    span = joined([label.box, *(target.box for target in targets)])
    named = {id(e) for target in targets for e in target.element.iter()}
    inside = [
        other
        for other in (*drawing.numbers, *drawing.drawn)
        if id(other.element) not in named
        and span.holds(other.box.x, other.middle)
        and _is_strange(drawing, label, other.expression)
    ]
    inside += [other for other in _rivals(drawing, label) if span.holds(other.box.x, other.middle)]
    found = [f"stands at a block in which there is {other}" for other in inside]
    if label.get("text-anchor") == "middle" and targets:
        block = joined([scaled(target) for target in targets])
        # It may begin where that begins, or stand before it.
        begins = label.box.left - block.left
        if begins > ASIDE and abs(label.box.x - block.x) > ASIDE:
            found.append("is over what it names, and not over its middle")
    return found


ASIDE = 24.0
"""How far from the middle of a block its name may be: as digits lean."""


def scaled(mark: Mark) -> Box:
    """The box of a mark; of a bar that of all of its scale."""
    box = mark.box
    if mark.get("data-draws") == "width":
        ends = [float(word) for word in mark.get("data-map").split()[-2:]]
        return box._replace(left=min(ends), right=max(ends))
    return box


def _is_strange(drawing: Drawing, label: Mark, expression: str) -> bool:
    """Whether an expression speaks of another value of a label's keys."""
    try:
        meant = meaning(drawing, expression)
    except UnknownNameError:
        return True
    return any(
        key == "tensor" or _said(meant.keys, key, label)
        for key, _ in _disagreeing(drawing, label, expression, meant)
    )


_PLACES: dict[str, Callable[[Drawing, Mark, list[Mark]], list[str]]] = {
    "row": in_row,
    "column": in_column,
    "band": in_band,
    "block": in_block,
}
