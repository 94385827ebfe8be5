"""The cache, which only speeds up, and the processes that fill it."""

import json
import os
import random
import re
import shutil
import subprocess
import sys
import threading
from concurrent.futures import Future
from pathlib import Path

import pytest

from lstm_figs.command.request import Request
from lstm_figs.errors import LstmFigsError
from lstm_figs.figures import CATALOG
from lstm_figs.files import DRAFT
from lstm_figs.site import cache, drawing, html, images, package, store, workers
from lstm_figs.site.wanted import SAID as FORMS
from lstm_figs.site.wanted import Wanted, figure, fits, listing, of_page

FIGURE, PICTURE = figure("figure", "perceptron"), figure("picture", "cell")


@pytest.fixture(scope="module")
def warm(tmp_path_factory):
    """A cache that has been filled, and what it was filled with."""
    folder = tmp_path_factory.mktemp("warm") / "cache"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LSTM_FIGS_CACHE", str(folder))
        cache.prefetch([FIGURE, PICTURE])
        said = [shown(wanted) for wanted in (FIGURE, PICTURE)]
    return folder, said


@pytest.fixture
def kept(warm, tmp_path, monkeypatch):
    """A copy of it that a test may damage."""
    folder = tmp_path / "cache"
    shutil.copytree(warm[0], folder)
    monkeypatch.setenv("LSTM_FIGS_CACHE", str(folder))
    return folder


@pytest.fixture
def drawn(monkeypatch):
    """What is drawn meanwhile."""
    orders = []
    order = cache._order

    def note(missing, urgent=False):
        orders.extend(wanted := list(missing))
        order(wanted, urgent)

    monkeypatch.setattr(cache, "_order", note)
    return orders


def shown(wanted):
    """All that a page can show of an entry, as a fresh process sees it."""
    cache._verified.clear()
    entry = cache.fetch(wanted)
    return entry.said, dict(entry.images())


def entry_of(folder, wanted):
    return folder / cache._name(wanted)


def written(path, data):
    """An entry with right digest for whatever it holds."""
    return b"%s %d\n%s" % (store._digest(path.name, data), len(data), data)


DAMAGE = {
    "empty": lambda path, data: b"",
    "truncated": lambda path, data: data[: len(data) // 2],
    "random bytes": lambda path, data: random.Random(0).randbytes(5000),
    "a list": lambda path, data: b"[]",
    "null": lambda path, data: b"null",
    "a number": lambda path, data: b"5",
    "a string": lambda path, data: b'"x"',
    "an object": lambda path, data: b"{}",
    "nested deeply": lambda path, data: b"[" * 100_000 + b"]" * 100_000,
    "no digest": lambda path, data: data.partition(b"\n")[2],
    "changed by hand": lambda path, data: data.replace(b"title", b"elttt"),
    "a path for an image": lambda path, data: data.replace(
        b'"light": "', b'"light": "../../mkdocs.yml'
    ),
    "too long a head": lambda path, data: data.replace(b" ", b" 9" * 40, 1),
    "a head of no length": lambda path, data: data.replace(b" ", b" -", 1),
    "another entry": lambda path, data: max(
        other.read_bytes() for other in path.parent.iterdir() if other != path
    ),
}


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [*((kind, PICTURE) for kind in DAMAGE), ("changed by hand", FIGURE)],
    ids=lambda value: getattr(value, "kind", value),
)
def test_a_damaged_entry_is_drawn_again(kind, wanted, warm, kept, drawn):
    path = entry_of(kept, wanted)
    data = path.read_bytes()
    path.write_bytes(DAMAGE[kind](path, data))
    assert path.read_bytes() != data
    assert shown(wanted) == warm[1][[FIGURE, PICTURE].index(wanted)]
    assert drawn == [wanted]
    assert path.read_bytes() == data


def changed(**more):
    """An entry that says something else."""
    return lambda said, sizes: [said | more, sizes]


FORGED = {
    "null": lambda said, sizes: None,
    "a number": lambda said, sizes: 5,
    "no pair": lambda said, sizes: [said],
    "empty objects": lambda said, sizes: [{}, {}],
    "lists": lambda said, sizes: [[said], [sizes]],
    "a key too few": lambda said, sizes: [{k: v for k, v in said.items() if k != "title"}, sizes],
    "a key too many": changed(more=1),
    "a number for a text": changed(title=5),
    "a text for a number": changed(width="720"),
    "a width that is no number": changed(width=float("nan")),
    "an image that is not kept": changed(light="0" * 16),
    "images without a size": lambda said, sizes: [said, {}],
    "sizes that are none": lambda said, sizes: [said, dict.fromkeys(sizes)],
    "an image outside": lambda said, sizes: [
        said | {"light": "../../a"},
        {"../../a" if k == said["light"] else k: n for k, n in sizes.items()},
    ],
    "a narrow form of another kind": changed(narrow=[]),
}


@pytest.mark.parametrize("kind", [*FORGED, "brackets", "not UTF-8"])
def test_an_entry_that_is_signed_and_malformed_is_drawn_again(kind, warm, kept, drawn):
    path = entry_of(kept, PICTURE)
    data = path.read_bytes()
    said, sizes = json.loads(store.read(path.name))
    if kind in FORGED:
        head = json.dumps(FORGED[kind](said, sizes)).encode()
    else:
        head = b"[" * 100_000 if kind == "brackets" else b"\xff"
    tail = store.read_tail(path.name)
    path.write_bytes(written(path, head) + tail)
    assert store.read(path.name) == head
    assert shown(PICTURE) == warm[1][1]
    assert drawn == [PICTURE]
    assert path.read_bytes() == data


SAID = {
    "run": "hello.py",
    "code": "hello.py",
    "figure": "perceptron",
    "picture": "batch",
    "live": "reading --network brackets",
    "sheet": "cheat-sheet",
    "thumbnail": "cell",
    "card": "cell",
    "titled": "Gallery",
    "verified": "--seq-len 2",
    "catalogue": "",
    "imports": "",
    "shapes": "--num-layers 2",
    "vocabulary": "",
    "api": "Trace run errors",
    "options": "draw list figures",
}
"""What to draw of each kind."""


@pytest.mark.parametrize("kind", drawing.KINDS)
def test_what_is_drawn_has_the_form_that_is_asked_of_what_is_kept(kind, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("hello.py").write_text("print('hello')\n")
    said = drawing.KINDS[kind](SAID[kind])
    digests = [digest for digest, _ in cache._put_aside(said)]
    said = json.loads(json.dumps(said))
    assert fits(said, FORMS[kind])
    assert [*cache._digests(said)] == digests
    if isinstance(said, dict):
        for key in said.keys() - {"narrow", "steps"}:
            less = {k: v for k, v in said.items() if k != key}
            assert not fits(less, FORMS[kind])


@pytest.mark.parametrize("place", [-1, -5000])
def test_a_damaged_image_is_not_published(place, warm, kept, drawn, tmp_path):
    path = entry_of(kept, PICTURE)
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)
    entry = cache.fetch(PICTURE)
    assert drawn == []
    digest = entry.said["dark"]
    images.publish(tmp_path, {"cell.svg": (entry, digest)})
    published = (tmp_path / images.FOLDER / "cell.svg").read_bytes()
    assert published == warm[1][1][1][digest]
    assert published.startswith(b"<svg")
    assert drawn == [PICTURE]


def make_pipe(path):
    path.unlink()
    os.mkfifo(path)


def make_folder(path):
    path.unlink()
    path.mkdir()


def make_link(path):
    path.unlink()
    path.symlink_to(__file__)


@pytest.mark.parametrize("make", [make_pipe, make_folder, make_link, Path.unlink])
def test_what_is_no_file_is_no_entry(make, warm, kept):
    make(entry_of(kept, PICTURE))
    ours = Path(__file__).read_bytes()
    assert shown(PICTURE) == warm[1][1]
    assert Path(__file__).read_bytes() == ours


@pytest.mark.parametrize("make", [*DAMAGE.values(), lambda path, data: None])
def test_damaged_digests_of_the_package_are_made_again(make, kept):
    package._code_at.cache_clear()
    package._code.cache_clear()
    before = package.code().whole
    (path,) = (p for p in kept.iterdir() if b'"errors.py"' in p.read_bytes())
    damaged = make(path, path.read_bytes())
    path.unlink()
    if damaged is not None:
        path.write_bytes(damaged)
    package._code_at.cache_clear()
    package._code.cache_clear()
    assert package.code().whole == before


def no_home(monkeypatch):
    for name in ("LSTM_FIGS_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)


def is_a_file(monkeypatch):
    monkeypatch.setenv("LSTM_FIGS_CACHE", __file__)


def below_a_file(monkeypatch):
    monkeypatch.setenv("LSTM_FIGS_CACHE", f"{__file__}/cache")


def unwritable(monkeypatch):
    # Nobody may write here, not even root.
    monkeypatch.setenv("LSTM_FIGS_CACHE", "/proc/self/cache")


def of_somebody_else(monkeypatch):
    def refuse(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "utime", refuse)
    monkeypatch.setattr(Path, "write_bytes", refuse)


PLACES = [no_home, is_a_file, below_a_file, unwritable, of_somebody_else]


@pytest.mark.parametrize("place", PLACES)
def test_a_build_does_without_a_cache(place, warm, kept, drawn, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    place(monkeypatch)
    package._code_at.cache_clear()
    package._code.cache_clear()
    assert [shown(FIGURE), shown(PICTURE)] == warm[1]
    assert [path.name for path in tmp_path.iterdir()] == ["cache"]
    # Somebody else's cache can be read.
    assert (drawn == []) == (place is of_somebody_else)


def test_a_folder_of_somebody_else_is_left_as_it_is(tmp_path, monkeypatch):
    monkeypatch.setenv("LSTM_FIGS_CACHE", str(tmp_path))
    store._prune.cache_clear()
    old, new = store.name("old"), store.name("new")
    for name in ("thesis.tex", "model.pt", old, f"{DRAFT}{old[:16]}"):
        (tmp_path / name).write_text("x")
        os.utime(tmp_path / name, (0, 0))
    store.write(new, b"{}")
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"thesis.tex", "model.pt", new}


def test_an_entry_that_is_used_is_kept(kept):
    path = entry_of(kept, FIGURE)
    os.utime(path, (0, 0))
    shown(FIGURE)
    assert path.stat().st_mtime > 0


PAGE = """
import markdown
page = "/// lstm-options | draw\\n///\\n\\n/// lstm-options | list\\n///\\n"
print(markdown.markdown(page, extensions=["lstm_figs.site.block"]))
"""


def test_two_builds_may_fill_one_cache_at_once(tmp_path):
    environment = {**os.environ, "LSTM_FIGS_CACHE": str(tmp_path / "cache")}
    builds = [
        subprocess.Popen(
            [sys.executable, "-c", PAGE],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for _ in range(2)
    ]
    (one, errors), (other, more) = (build.communicate() for build in builds)
    assert one == other
    assert one.count(b"<h3 ") == 2
    assert errors + more == b""


@pytest.fixture
def copy(tmp_path, monkeypatch, kept):
    """A copy of the package, which processes run and a test may edit."""
    home = tmp_path / "copy" / "lstm_figs"
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(package.PACKAGE, home, ignore=ignored)
    monkeypatch.setattr(package, "PACKAGE", home)
    monkeypatch.syspath_prepend(home.parent)
    crew = workers.Workers()
    monkeypatch.setattr(cache, "_workers", crew)
    package._code_at.cache_clear()

    def edit(path, old, new):
        text = (home / path).read_text()
        assert old in text
        (home / path).write_text(text.replace(old, new))
        package._code_at.cache_clear()

    yield edit
    crew.close()
    package._code_at.cache_clear()


ALL = {
    "figure": figure("figure", "four-weights --unit 1"),
    "its picture": figure("picture", "four-weights"),
    "quoted": figure("figure", "'four-weights' --id cell"),
    "another figure": figure("figure", "cell --step 2"),
    "its card": figure("card", "four-weights"),
    "a sheet": figure("sheet", "poster"),
    "a card of a title": Wanted("titled", "Gallery"),
    "unknown figure": figure("figure", "five-weights"),
    "unreadable": figure("figure", "cell --id '"),
    "verified": Wanted("verified"),
    "catalogue": Wanted("catalogue"),
    "script": listing("run", "whole_pass.py", package.PACKAGE.parent / "docs/code/x"),
    "imports": Wanted("imports"),
    "api": Wanted("api", "draw"),
    "vocabulary": Wanted("vocabulary"),
    "options": Wanted("options", "draw"),
}
OF_FOUR_WEIGHTS = {"figure", "its picture", "its card", "quoted"}
UNSURE = {"unknown figure", "unreadable"}
OF_ALL = {"imports", "options", "a card of a title"}


@pytest.mark.parametrize(
    ("path", "again"),
    [
        ("figures/four_weights.py", {*OF_FOUR_WEIGHTS, "a sheet"} | UNSURE | OF_ALL),
        ("figures/unrolled.py", {"a sheet"} | UNSURE | OF_ALL),
        ("figures/cell_input/addends.py", {"a sheet"} | UNSURE | OF_ALL),
        ("sheets/poster.py", {"a sheet"} | UNSURE | OF_ALL),
        ("sheets/card.py", {*ALL} - {"script"}),
        ("figures/__init__.py", {*ALL} - {"script"}),
        ("layout/words.py", {*ALL} - {"script"}),
        ("model/lstm.py", {*ALL} - {"script"}),
        ("site/drawing.py", {*ALL}),
        ("site/page.py", {"unreadable", "api", "vocabulary"} | OF_ALL),
    ],
)
def test_an_edit_concerns_what_is_drawn_by_it(path, again, copy):
    before = {name: cache._name(wanted) for name, wanted in ALL.items()}
    copy(path, "\n", "\n\n")
    after = {name: cache._name(wanted) for name, wanted in ALL.items()}
    assert {name for name in ALL if before[name] != after[name]} == again


def test_another_network_is_another_figure(copy):
    before = {name: cache._name(wanted) for name, wanted in ALL.items()}
    path = package.PACKAGE / "sources/networks/brackets.safetensors"
    path.write_bytes(path.read_bytes() + b"\0")
    package._code_at.cache_clear()
    after = {name: cache._name(wanted) for name, wanted in ALL.items()}
    changed = {name for name in ALL if before[name] != after[name]}
    assert changed == {*ALL} - {"script"}


def test_other_names_of_steps_are_another_figure(kept, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = []
    for token in ("a", "b"):
        Path("t.json").write_text(json.dumps([token] * 4))
        names.append(cache._name(figure("figure", "cell --tokens t.json")))
    assert names[0] != names[1]


def test_a_listing_is_shown_and_not_run(kept, tmp_path):
    (tmp_path / "x.py").write_text("print(1 + 1)\n1 / 0\n")
    said = cache.fetch(listing("code", "x.py", tmp_path / "page.md")).said
    shown = html.listing(said)
    assert re.sub("<[^>]*>", "", shown) == "print(1 + 1)\n1 / 0\n"


def test_a_module_of_a_figure_has_its_name():
    for name, home in CATALOG.homes.items():
        assert home.partition(".")[0] == name.replace("-", "_")


def test_an_edit_of_a_figure_is_seen_and_draws_no_other(copy, drawn):
    pages = "".join(
        f"/// lstm-{kind} | {header}\n///\n"
        for kind in ("figure", "picture")
        for header in ("perceptron", "hidden-size", "perceptron --width 360")
    )

    def build():
        drawn.clear()
        wanted = list(of_page(pages, None))
        cache._verified.clear()
        cache.prefetch(wanted)
        return [cache.fetch(one).said for one in wanted]

    build()
    # The perceptron itself has been drawn before.
    assert len(drawn) == 5
    build()
    assert drawn == []
    title = "A perceptron is a weighted sum"
    copy("figures/perceptron.py", title, f"Edited: {title}")
    said = build()
    assert {wanted.text.partition(" ")[0] for wanted in drawn} == {"perceptron"}
    assert len(drawn) == 4
    edited = [one["title"].startswith("Edited: ") for one in said]
    assert edited == [True, False, True] * 2


def test_an_edit_of_a_part_of_a_figure_draws_that_figure_alone(copy, drawn):
    names = ("cell-input", "cell", "unrolled")
    wanted = [figure("figure", name) for name in names]

    def build():
        drawn.clear()
        cache.prefetch(wanted)
        return [cache.fetch(one).said["forms"] for one in wanted]

    before = build()
    copy("figures/cell_input/addends.py", "words.NUMBER, 52,", "words.NUMBER, 53,")
    after = build()
    assert drawn == wanted[:1]
    changed = [b != a for b, a in zip(before, after, strict=True)]
    assert changed == [True, False, False]


def test_a_figure_is_drawn_once_for_all_that_show_it(monkeypatch):
    from lstm_figs.site import drawing

    # Another test may have drawn it last.
    drawing._drawn.cache_clear()
    widths = []
    draw = Request.draw
    monkeypatch.setattr(
        Request, "draw", lambda self, trace: widths.append(self.width) or draw(self, trace)
    )
    jobs = []
    monkeypatch.setattr(cache._workers, "add", lambda added, *_: jobs.extend(added))
    monkeypatch.setenv("LSTM_FIGS_CACHE", "/proc/self/cache")
    page = "/// lstm-figure | cell\n///\n/// lstm-gallery\n///\n/// lstm-run | x.py\n///\n"
    cache.prefetch(of_page(page, None))
    cache._ordered.clear()
    # It takes longest.
    assert jobs[0].text == "x.py"
    (job,) = (job for job in jobs if job.text == "cell")
    assert job.kinds.keys() == {"figure", "picture"}
    order = {"folder": ".", "text": "cell", "kinds": list(job.kinds)}
    assert len(drawing._answer(order)["drawn"]) == 2
    # At each of its four steps.
    assert sorted(widths) == [360] * 4 + [720] * 4
    # Only one process imports torch, and has another one do so that forks.
    with_torch = {job.text for job in jobs if job.heavy}
    assert with_torch == {"", "autograd", "gradient-distance", "dispatch", "x.py"}


@pytest.mark.parametrize(
    ("path", "old", "new", "words"),
    [
        ("model/tensors.py", "import", "imprt", "the process that draws ended"),
        (
            "figures/cell.py",
            "def cell(",
            "1 / 0\n\n\ndef cell(",
            "(ZeroDivisionError: division by zero)",
        ),
        (
            "figures/cell.py",
            "def cell(",
            "def cell((",
            "(SyntaxError: invalid syntax (cell.py, line ",
        ),
        (
            "figures/cell.py",
            "def cell(",
            "import os\nos._exit(9)\n\n\ndef cell(",
            "the process that draws ended",
        ),
    ],
    ids=["the package", "the figure", "its syntax", "the process"],
)
def test_code_that_does_not_run_is_one_sentence_until_it_is_mended(
    path, old, new, words, copy, capfd
):
    copy(path, old, new)
    wanted = [figure("figure", f"cell --id {id}") for id in "ab"]
    cache.prefetch(wanted)
    for one in wanted:
        with pytest.raises(LstmFigsError) as found:
            cache.fetch(one)
        assert words in str(found.value)
        assert "cell --id" in str(found.value)
    copy(path, new, old)
    assert cache.fetch(wanted[0]).said["id"] == "a"


def test_what_torch_computes_otherwise_stops_the_build(kept, monkeypatch):
    def disagree(jobs, *_):
        for job in jobs:
            job.fail("c after step 2 differs from torch by 1.0e-03")

    entry_of(kept, Wanted("verified")).unlink()
    cache._verified.clear()
    monkeypatch.setattr(cache._workers, "add", disagree)
    with pytest.raises(LstmFigsError, match="differs from torch"):
        cache.fetch(PICTURE)


def test_torch_is_left_alone_where_no_figure_is_drawn(kept, drawn):
    entry_of(kept, Wanted("verified")).unlink()
    cache.prefetch([Wanted("catalogue")])
    assert drawn == [Wanted("catalogue")]


def test_one_source_is_held_against_torch_once(kept, drawn):
    for header in ("cell --step 2", "unrolled", "cell --seq-len 3"):
        cache.fetch(figure("figure", header))
    assert [one.text for one in drawn if one.kind == "verified"] == ["--seq-len 3"]


def test_a_process_that_draws_imports_torch_only_if_it_must():
    code = (
        "import sys; from lstm_figs.site import drawing\n"
        "for kind in ('figure', 'picture'): drawing.KINDS[kind]('cell')\n"
        "print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout.split() == [b"False"]


@pytest.mark.parametrize(
    "code", ["raise SystemExit", "print('[', end='')", "print('[')", "print('{{}}')"]
)
def test_nobody_waits_for_ever_for_a_process(code, monkeypatch):
    monkeypatch.setattr(workers, "_START", code)
    crew = workers.Workers()
    futures = [Future(), Future()]
    for future in futures:
        job = workers.Job("cell", {"figure": (future, str)})
        crew.add([job], "code", False)
    for future in futures:
        with pytest.raises(LstmFigsError, match="cannot draw 'cell'"):
            future.result(timeout=300)
    crew.close()


def test_a_process_ends_quietly_with_the_one_that_asked():
    process = subprocess.Popen(
        [sys.executable, "-c", workers._START.format(path=sys.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    process.stdout.close()
    order = {"folder": ".", "text": "", "kinds": ["catalogue"]}
    errors = process.communicate(json.dumps(order).encode())[1]
    assert (process.returncode, errors) == (0, b"")


def test_a_process_ends_when_it_has_nothing_to_do(monkeypatch):
    monkeypatch.setattr(workers, "IDLE", 0.0)
    before = threading.enumerate()
    crew = workers.Workers()
    future = Future()
    job = workers.Job("", {"catalogue": (future, list)})
    crew.add([job], "code", False)
    assert future.result() == [*CATALOG]
    for thread in {*threading.enumerate()} - {*before}:
        thread.join(10)
    assert crew._processes == {}


def test_what_a_page_shows_is_known_from_its_lines(tmp_path):
    page = """
/// lstm-figure | cell --weights a.pt
///
- > //// lstm-picture | unrolled
````
/// lstm-figure | cell
```
````
/// lstm-figure | NAME
///
/// lstm-figure
///
/// lstm-run | code/x.py
///
/// lstm-code | code/x.py
///
/// lstm-gallery
///
/// note | cell
///
"""
    wanted = list(of_page(page, tmp_path / "page.md"))
    path = str(tmp_path / "code/x.py")
    assert wanted == [
        Wanted("figure", "cell --weights a.pt", ("a.pt",)),
        Wanted("run", path, (path,), "code/x.py"),
        Wanted("code", path, (path,), "code/x.py"),
        Wanted("catalogue"),
        *(Wanted("picture", name) for name in CATALOG),
    ]


def test_a_changed_input_file_is_drawn_anew(kept, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    forms = []
    for x in ([[1, 0, 0]], [[0, 2, 0]]):
        Path("x.json").write_text(json.dumps(x))
        wanted = figure("figure", "perceptron --input x.json")
        forms.append(cache.fetch(wanted).said["forms"])
    assert forms[0] != forms[1]
