"""The cache of drawings: what invalidates, damages and fills it."""

import json
import os
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
from lstm_figs.files import DRAFT_PREFIX
from lstm_figs.site import cache, code_digests, images, rendering, store, workers
from lstm_figs.site.requests import (
    PAYLOAD_SCHEMAS,
    BlockRequest,
    block_request,
    fits,
    requests_of_page,
)
from tests.doc_scripts import python

FIGURE, PICTURE = block_request("figure", "perceptron"), block_request("picture", "cell")


@pytest.fixture(scope="module")
def filled_cache(tmp_path_factory):
    """The folder of a filled cache, and the contents of its two entries."""
    folder = tmp_path_factory.mktemp("warm") / "cache"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LSTM_FIGS_CACHE", str(folder))
        cache.prefetch([FIGURE, PICTURE])
        contents = [entry_contents(request) for request in (FIGURE, PICTURE)]
    return folder, contents


@pytest.fixture
def cache_copy(filled_cache, tmp_path, monkeypatch):
    """A copy of the filled cache, which is in use."""
    folder = tmp_path / "cache"
    original, _ = filled_cache
    shutil.copytree(original, folder)
    monkeypatch.setenv("LSTM_FIGS_CACHE", str(folder))
    return folder


@pytest.fixture
def contents(filled_cache):
    """The contents of the entries of `FIGURE` and `PICTURE`."""
    _, contents = filled_cache
    return contents


@pytest.fixture
def drawn_requests(monkeypatch):
    """The requests that are drawn, in order."""
    drawings = []
    queue = cache._queue

    def record(missing, urgent=False):
        drawings.extend(requests := list(missing))
        queue(requests, urgent)

    monkeypatch.setattr(cache, "_queue", record)
    return drawings


def entry_contents(request):
    """All parts of an entry that a page can show, read by a new process."""
    cache._verified.clear()  # Entries that this process has checked.
    entry = cache.fetch(request)
    return entry.payload, dict(entry.images())


def entry_of(folder, request):
    return folder / cache._entry_name(request)


def forget_code():
    """Forget the digests of the package, as in a new process."""
    code_digests._code_at.cache_clear()
    code_digests._code.cache_clear()


DAMAGE = {
    "empty": lambda path, data: b"",
    "no digest": lambda path, data: data.partition(b"\n")[2],
    "changed by hand": lambda path, data: data.replace(b"title", b"elttt"),
    # The first line of an entry says how long its head is.
    "too long a head": lambda path, data: data.replace(b" ", b" 9" * 40, 1),
    "another entry": lambda path, data: max(
        other.read_bytes() for other in path.parent.iterdir() if other != path
    ),
}
"""Case -> a function that damages the bytes of an entry."""


@pytest.mark.parametrize(
    ("kind", "page_request"),
    [*((kind, PICTURE) for kind in DAMAGE), ("changed by hand", FIGURE)],
    ids=lambda value: getattr(value, "kind", value),
)
def test_a_damaged_entry_is_drawn_again(kind, page_request, contents, cache_copy, drawn_requests):
    path = entry_of(cache_copy, page_request)
    data = path.read_bytes()
    path.write_bytes(DAMAGE[kind](path, data))
    assert path.read_bytes() != data
    assert entry_contents(page_request) == contents[[FIGURE, PICTURE].index(page_request)]
    assert drawn_requests == [page_request]
    assert path.read_bytes() == data


def change_payload(**more):
    return lambda payload, sizes: [payload | more, sizes]


FORGERIES = {
    "null": lambda payload, sizes: None,
    "a key too many": change_payload(more=1),
    "a text for a number": change_payload(width="720"),
    "an image that is not kept": change_payload(light="0" * 16),
    "images without a size": lambda payload, sizes: [payload, {}],
    "an image outside": lambda payload, sizes: [
        payload | {"light": "../../a"},
        {"../../a" if k == payload["light"] else k: n for k, n in sizes.items()},
    ],
}
"""Case -> a function that makes a wrong head from the two parts of a correct one."""


@pytest.mark.parametrize("kind", [*FORGERIES, "brackets", "not UTF-8"])
def test_an_entry_that_is_signed_and_malformed_is_drawn_again(
    kind, contents, cache_copy, drawn_requests
):
    path = entry_of(cache_copy, PICTURE)
    data = path.read_bytes()
    payload, sizes = json.loads(store.read(path.name))
    if kind in FORGERIES:
        head = json.dumps(FORGERIES[kind](payload, sizes)).encode()
    else:
        head = b"[" * 100_000 if kind == "brackets" else b"\xff"
    tail = store.read_tail(path.name)
    path.write_bytes(b"%s %d\n%s%s" % (store._digest(path.name, head), len(head), head, tail))
    assert store.read(path.name) == head
    assert entry_contents(PICTURE) == contents[1]
    assert drawn_requests == [PICTURE]
    assert path.read_bytes() == data


SAMPLE_TEXTS = {
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
"""Kind of block -> a valid header of it."""


@pytest.mark.parametrize("kind", rendering.KINDS)
def test_what_is_drawn_has_the_form_that_is_asked_of_what_is_kept(kind, folder):
    Path("hello.py").write_text("print('hello')\n")
    payload = rendering.KINDS[kind](SAMPLE_TEXTS[kind])
    digests = [digest for digest, _ in cache._extract_files(payload)]
    payload = json.loads(json.dumps(payload))
    assert fits(payload, PAYLOAD_SCHEMAS[kind])
    assert [*cache._digests(payload)] == digests
    if isinstance(payload, dict):
        optional_keys = {"narrow", "steps"}
        for key in payload.keys() - optional_keys:
            less = {k: v for k, v in payload.items() if k != key}
            assert not fits(less, PAYLOAD_SCHEMAS[kind])


@pytest.mark.parametrize("place", [-1, -5000])  # both in the second image, the dark one
def test_a_damaged_image_is_not_published(place, contents, cache_copy, drawn_requests, tmp_path):
    path = entry_of(cache_copy, PICTURE)
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)
    entry = cache.fetch(PICTURE)
    assert drawn_requests == []
    digest = entry.payload["dark"]
    images.publish(tmp_path, "cell.svg", entry, digest)
    published = (tmp_path / images.FOLDER / "cell.svg").read_bytes()
    _, picture_images = contents[1]
    assert published == picture_images[digest]
    assert published.startswith(b"<svg")
    assert drawn_requests == [PICTURE]


@pytest.mark.parametrize(
    "make", [os.mkfifo, os.mkdir, lambda path: path.symlink_to("../own"), lambda path: None]
)
def test_what_is_no_file_is_no_entry(make, contents, cache_copy, tmp_path):
    path, own = entry_of(cache_copy, PICTURE), tmp_path / "own"
    own.write_text("own")
    path.unlink()
    make(path)
    assert entry_contents(PICTURE) == contents[1]
    assert own.read_text() == "own"


@pytest.mark.parametrize("make", [*DAMAGE.values(), lambda path, data: None])
def test_damaged_digests_of_the_package_are_made_again(make, cache_copy):
    forget_code()
    before = code_digests.code().full_digest
    (path,) = (p for p in cache_copy.iterdir() if b'"errors.py"' in p.read_bytes())
    damaged = make(path, path.read_bytes())
    path.unlink()
    if damaged is not None:
        path.write_bytes(damaged)
    forget_code()
    assert code_digests.code().full_digest == before


@pytest.mark.parametrize(
    "place", [None, __file__, f"{__file__}/cache", "/proc/self/cache", "somebody else's"]
)
def test_a_build_does_without_a_cache(
    place, contents, cache_copy, drawn_requests, monkeypatch, folder
):
    def refuse(*_):
        raise PermissionError(1, "Operation not permitted")

    if place == "somebody else's":
        monkeypatch.setattr(os, "utime", refuse)
        monkeypatch.setattr(Path, "write_bytes", refuse)
    elif place:
        monkeypatch.setenv("LSTM_FIGS_CACHE", place)
    else:
        monkeypatch.delenv("LSTM_FIGS_CACHE")
        monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
        monkeypatch.setattr(os.path, "expanduser", lambda path: path)
    forget_code()
    assert [entry_contents(FIGURE), entry_contents(PICTURE)] == contents
    assert [path.name for path in folder.iterdir()] == ["cache"]
    # The cache of a different user can be read, so nothing is drawn.
    assert (drawn_requests == []) == (place == "somebody else's")


def test_a_folder_of_somebody_else_is_left_as_it_is(tmp_path, monkeypatch):
    monkeypatch.setenv("LSTM_FIGS_CACHE", str(tmp_path))
    store._prune.cache_clear()
    old, new = store.name("old"), store.name("new")
    for name in ("thesis.tex", "model.pt", old, f"{DRAFT_PREFIX}{old[:16]}"):
        (tmp_path / name).write_text("x")
        os.utime(tmp_path / name, (0, 0))
    store.write(new, b"{}")
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"thesis.tex", "model.pt", new}


def test_an_entry_that_is_used_is_kept(cache_copy):
    path = entry_of(cache_copy, FIGURE)
    os.utime(path, (0, 0))
    entry_contents(FIGURE)
    assert path.stat().st_mtime > 0


CONVERT_PAGE = """
import markdown
page = "/// lstm-options | draw\\n///\\n\\n/// lstm-options | list\\n///\\n"
print(markdown.markdown(page, extensions=["lstm_figs.site.block"]))
"""


def test_two_builds_may_fill_one_cache_at_once(tmp_path):
    environment = {**os.environ, "LSTM_FIGS_CACHE": str(tmp_path / "cache")}
    command, pipe = [sys.executable, "-c", CONVERT_PAGE], subprocess.PIPE
    builds = [
        subprocess.Popen(command, env=environment, stdout=pipe, stderr=pipe) for _ in range(2)
    ]
    (first, errors), (second, more) = (build.communicate() for build in builds)
    assert first == second
    assert first.count(b"<h3 ") == 2
    assert errors + more == b""


@pytest.fixture
def edit_package(tmp_path, monkeypatch, cache_copy):
    """Edits a copy of the package, which is then drawn with and digested."""
    folder = tmp_path / "copy" / "lstm_figs"
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(code_digests.PACKAGE, folder, ignore=ignored)
    monkeypatch.setattr(code_digests, "PACKAGE", folder)
    monkeypatch.syspath_prepend(folder.parent)
    # Processes that already run have imported the package itself.
    pool = workers.Workers()
    monkeypatch.setattr(cache, "_workers", pool)
    code_digests._code_at.cache_clear()

    def edit(path, old, new):
        text = (folder / path).read_text()
        assert old in text
        (folder / path).write_text(text.replace(old, new))
        code_digests._code_at.cache_clear()

    yield edit
    pool.close()
    code_digests._code_at.cache_clear()


ALL_REQUESTS = {
    "figure": block_request("figure", "four-weights --unit 1"),
    "its picture": block_request("picture", "four-weights"),
    "quoted": block_request("figure", "'four-weights' --id cell"),
    "another figure": block_request("figure", "cell --step 2"),
    "its card": block_request("card", "four-weights"),
    "a sheet": block_request("sheet", "poster"),
    "a card of a title": BlockRequest("titled", "Gallery"),
    "unknown figure": block_request("figure", "five-weights"),
    "unreadable": block_request("figure", "cell --id '"),
    "verified": BlockRequest("verified"),
    "catalogue": BlockRequest("catalogue"),
    "script": block_request("run", "whole_pass.py", code_digests.PACKAGE.parent / "docs/code/x"),
    "imports": BlockRequest("imports"),
    "api": BlockRequest("api", "draw"),
    "vocabulary": BlockRequest("vocabulary"),
    "options": BlockRequest("options", "draw"),
}
"""Name -> a request."""

OF_FOUR_WEIGHTS = {"figure", "its picture", "its card", "quoted"}
"""Those that show the figure `four-weights`."""

OF_ALL = {"imports", "options", "a card of a title"}
"""Those that depend on every file of the package."""

OF_A_SHEET = {"a sheet", "unknown figure", "unreadable"} | OF_ALL
"""Those that depend on every figure."""

ALL_BUT_SCRIPTS = {*ALL_REQUESTS} - {"script"}


@pytest.mark.parametrize(
    ("path", "again"),
    [
        ("figures/four_weights.py", OF_FOUR_WEIGHTS | OF_A_SHEET),
        ("figures/unrolled.py", OF_A_SHEET),
        ("figures/cell_input/addend_bars.py", OF_A_SHEET),
        ("sheets/poster.py", OF_A_SHEET),
        ("sheets/card.py", ALL_BUT_SCRIPTS),
        ("figures/__init__.py", ALL_BUT_SCRIPTS),
        ("layout/words.py", ALL_BUT_SCRIPTS),
        ("model/lstm.py", ALL_BUT_SCRIPTS),
        ("sources/networks/brackets.safetensors", ALL_BUT_SCRIPTS),
        ("site/rendering.py", {*ALL_REQUESTS}),
        ("site/page.py", {"unreadable", "api", "vocabulary"} | OF_ALL),
    ],
)
def test_an_edit_concerns_what_is_drawn_by_it(path, again, edit_package):
    def names():
        return {name: cache._entry_name(request) for name, request in ALL_REQUESTS.items()}

    before = names()
    file = code_digests.PACKAGE / path
    file.write_bytes(file.read_bytes() + b"\n")
    code_digests._code_at.cache_clear()
    after = names()
    assert {name for name in ALL_REQUESTS if before[name] != after[name]} == again


@pytest.mark.parametrize("option", ["--tokens", "--labels", "--input"])
def test_a_figure_is_drawn_again_after_an_edit_of_a_file(option, cache_copy, folder):
    names = []
    for content in ("[1]", "[1, 2]"):
        Path("t.json").write_text(content)
        names.append(cache._entry_name(block_request("figure", f"cell {option} t.json")))
    assert names[0] != names[1]


def test_a_module_of_a_figure_has_its_name():
    for name, path in CATALOG.paths.items():
        assert path.partition(".")[0] == name.replace("-", "_")


def test_an_edit_of_a_figure_is_seen_and_draws_no_other(edit_package, drawn_requests):
    pages = "".join(
        f"/// lstm-{kind} | {header}\n///\n"
        for kind in ("figure", "picture")
        for header in ("perceptron", "hidden-size", "perceptron --width 360")
    )

    def build():
        drawn_requests.clear()
        requests = list(requests_of_page(pages, None))
        cache._verified.clear()
        cache.prefetch(requests)
        return [cache.fetch(request).payload for request in requests]

    build()
    # Of the six, the figure of the perceptron was in the filled cache.
    assert len(drawn_requests) == 5
    title = build()[0]["title"]
    assert drawn_requests == []
    edit_package("figures/perceptron.py", title, f"Edited: {title}")
    payloads = build()
    drawn_figures = [request.header.partition(" ")[0] for request in drawn_requests]
    assert drawn_figures == ["perceptron"] * 4
    edited = [payload["title"].startswith("Edited: ") for payload in payloads]
    assert edited == [True, False, True] * 2


def test_a_figure_is_drawn_once_for_all_that_show_it(monkeypatch):
    # A previous test may have drawn it.
    rendering._drawing.cache_clear()
    widths, jobs, draw = [], [], Request.draw
    monkeypatch.setattr(
        Request, "draw", lambda self, trace: widths.append(self.width) or draw(self, trace)
    )
    monkeypatch.setattr(cache._workers, "add", lambda added, *_: jobs.extend(added))
    # No folder can be made there, so there is no cache.
    monkeypatch.setenv("LSTM_FIGS_CACHE", "/proc/self/cache")
    page = "/// lstm-figure | cell\n///\n/// lstm-gallery\n///\n/// lstm-run | x.py\n///\n"
    cache.prefetch(requests_of_page(page, None))
    cache._pending.clear()
    # The slowest job comes first.
    assert jobs[0].text == "x.py"
    (job,) = (job for job in jobs if job.text == "cell")
    assert job.kinds.keys() == {"figure", "picture"}
    order = {"folder": ".", "text": "cell", "kinds": list(job.kinds)}
    assert len(rendering._answer(order)["drawn"]) == 2
    # It is drawn in both widths, at each of its four steps.
    assert sorted(widths) == [360] * 4 + [720] * 4
    # Only one process imports torch, and starts another that forks.
    with_torch = {job.text for job in jobs if job.is_heavy}
    assert with_torch == {"", "autograd", "gradient-distance", "dispatch", "x.py"}


CELL = "def cell("


@pytest.mark.parametrize(
    ("path", "old", "new", "words"),
    [
        ("model/tensors.py", "import", "imprt", "the process that draws ended"),
        ("figures/cell.py", CELL, f"1 / 0\n\n\n{CELL}", "(ZeroDivisionError: division by zero)"),
        ("figures/cell.py", CELL, f"{CELL}(", "(SyntaxError: invalid syntax (cell.py, line "),
        (
            "figures/cell.py",
            CELL,
            f"import os\nos._exit(9)\n\n\n{CELL}",
            "the process that draws ended",
        ),
    ],
    ids=["the package", "the figure", "its syntax", "the process"],
)
def test_code_that_does_not_run_is_one_sentence_until_it_is_mended(
    path, old, new, words, edit_package, capfd
):
    edit_package(path, old, new)
    requests = [block_request("figure", f"cell --id {id}") for id in "ab"]
    cache.prefetch(requests)
    for request in requests:
        with pytest.raises(LstmFigsError) as raised:
            cache.fetch(request)
        assert words in str(raised.value)
        assert "cell --id" in str(raised.value)
    edit_package(path, new, old)
    assert cache.fetch(requests[0]).payload["id"] == "a"


def test_what_torch_computes_otherwise_stops_the_build(cache_copy, monkeypatch):
    def disagree(jobs, *_):
        for job in jobs:
            job.fail("c after step 2 differs from torch by 1.0e-03")

    entry_of(cache_copy, BlockRequest("verified")).unlink()
    cache._verified.clear()
    monkeypatch.setattr(cache._workers, "add", disagree)
    with pytest.raises(LstmFigsError, match="differs from torch"):
        cache.fetch(PICTURE)


def test_torch_is_left_alone_where_no_figure_is_drawn(cache_copy, drawn_requests):
    entry_of(cache_copy, BlockRequest("verified")).unlink()
    cache.prefetch([BlockRequest("catalogue")])
    assert drawn_requests == [BlockRequest("catalogue")]


def test_one_source_is_held_against_torch_once(cache_copy, drawn_requests):
    for header in ("cell --step 2", "unrolled", "cell --seq-len 3"):
        cache.fetch(block_request("figure", header))
    assert [request.header for request in drawn_requests if request.kind == "verified"] == [
        "--seq-len 3"
    ]


def test_a_process_that_draws_imports_torch_only_if_it_must():
    code = (
        "import sys; from lstm_figs.site import rendering\n"
        "for kind in ('figure', 'picture'): rendering.KINDS[kind]('cell')\n"
        "print('torch' in sys.modules)"
    )
    assert python("-c", code) == "False\n"


@pytest.mark.parametrize(
    "code", ["raise SystemExit", "print('[', end='')", "print('[')", "print('{{}}')"]
)
def test_nobody_waits_for_ever_for_a_process(code, monkeypatch):
    # It ends, or its answer is not the expected JSON.
    monkeypatch.setattr(workers, "_START", code)
    pool = workers.Workers()
    futures = [Future(), Future()]
    for future in futures:
        job = workers.Job("cell", {"figure": (future, str)})
        pool.add([job], "code", False)
    for future in futures:
        with pytest.raises(LstmFigsError, match="cannot draw 'cell'"):
            future.result(timeout=300)
    pool.close()


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
    monkeypatch.setattr(workers, "IDLE_SECONDS", 0.0)
    before = threading.enumerate()
    pool = workers.Workers()
    future = Future()
    job = workers.Job("", {"catalogue": (future, list)})
    pool.add([job], "code", False)
    assert future.result() == [*CATALOG]
    for thread in {*threading.enumerate()} - {*before}:
        thread.join(10)
    assert pool._processes == {}


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
    requests = list(requests_of_page(page, tmp_path / "page.md"))
    path = str(tmp_path / "code/x.py")
    assert requests == [
        BlockRequest("figure", "cell --weights a.pt", ("a.pt",)),
        BlockRequest("run", "code/x.py", (path,)),
        BlockRequest("code", "code/x.py", (path,)),
        BlockRequest("catalogue"),
        *(BlockRequest("picture", name) for name in CATALOG),
    ]
