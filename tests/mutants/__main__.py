"""Try a sample of faults, and print a table or write it into a page.

`scripts/mutants docs/mutants.md` takes an hour; `--named` tries only named faults.
Results are stored until the drawing code changes, so a run can be continued. When
tests change, survivors are tried again.
"""

import argparse
import datetime
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import local

import grimp

from lstm_figs.figures import CATALOG
from tests.bench.measure import table
from tests.bench.peers import cache_folder, environment

from . import named

ROOT = Path(__file__).parents[2]
SEED, COUNT = 26, 300
"""The seed of the sample, and its number of mutants."""

MAX_USERS = 3
"""How many of the figures that use a shared file are drawn."""
TRIAL_SECONDS = 900
"""Seconds after which drawing counts as endless."""
MARK = "<!-- The rest is written by scripts/mutants. -->\n"
OUTCOMES = ("killed", "survived", "layout", "same")
"""Tests fail; none fails; marks are only moved or restyled; no drawing differs."""

OWN = local()
"""The copy of the code in which a thread works."""


def main():
    parser = argparse.ArgumentParser(prog="scripts/mutants")
    parser.add_argument("page", nargs="?", type=Path, help="to write into")
    parser.add_argument("--named", action="store_true", help="only faults that have names")
    args = parser.parse_args()
    if args.named and args.page:
        parser.error("a page has all faults; leave --named out")
    work = _work_folder()
    faults = _faults(work, only_named=args.named)
    results = work / "results.jsonl"
    proofs = _digest("tests")
    done = {}
    if results.exists():
        lines = map(json.loads, results.read_text().splitlines())
        done = {
            line["key"]: line
            for line in lines
            if line["outcome"] != "survived" or line["proofs"] == proofs
        }
    untried = [fault for fault in faults if fault["key"] not in done]
    if untried:
        copies, before = _copies(work), work / "before"
        before.mkdir(exist_ok=True)
        figures = {figure for fault in untried for figure in fault["figures"]}
        # Each thread works in its own copy of the code.
        pool = ThreadPoolExecutor(
            len(copies), initializer=lambda: setattr(OWN, "copy", copies.pop())
        )
        with pool, results.open("a") as out:
            list(pool.map(partial(_save_drawings, before), sorted(figures)))
            tries = pool.map(partial(_try_fault, before), untried)
            for number, result in enumerate(tries, len(done) + 1):
                result["proofs"] = proofs
                done[result["key"]] = result
                out.write(json.dumps(result) + "\n")
                out.flush()
                print(f"{number} of {len(faults)}: {result['outcome']}", file=sys.stderr)
    text = report([{**fault, **done[fault["key"]]} for fault in faults])
    if args.page:
        head = args.page.read_text().partition(MARK)[0]
        args.page.write_text(head + MARK + "\n" + text)
    else:
        print(text)


def _work_folder():
    """The folder for the results of this version of the code."""
    work = cache_folder("lstm-figs-mutants") / _digest("lstm_figs", "tests/mutants")
    work.mkdir(parents=True, exist_ok=True)
    return work


def _digest(*folders):
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in (".py", ".txt"):
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _faults(work, *, only_named):
    faults = [*named.faults(), *([] if only_named else _sample(work))]
    graph = grimp.build_graph("lstm_figs", cache_dir=None)
    for fault in faults:
        code = fault["path"] + fault["code"]
        fault["key"] = hashlib.sha256(code.encode()).hexdigest()[:16]
        fault["figures"] = [fault["figure"]]
        if not fault["figure"]:
            fault["figures"] = [] if fault.get("tests") else _users(graph, fault)
    return faults


def _sample(work):
    """The faults that Cosmic Ray makes, sampled once."""
    path = work / "sample.jsonl"
    if not path.exists():
        program = environment()
        pip = [program, "-m", "pip", "install", "--quiet", "cosmic-ray>=8.4"]
        subprocess.run(pip, check=True)
        script = Path(__file__).with_name("sample.py")
        part = path.with_suffix(".part")
        words = [program, script, ROOT, str(SEED), str(COUNT), part]
        subprocess.run(words, check=True)
        part.rename(path)
    return [json.loads(line) for line in path.read_text().splitlines()]


def _users(graph, fault):
    """Some of the figures that use a shared file."""
    module = fault["path"].removesuffix(".py").replace("/", ".")
    figures = {path.split(".")[0]: name for name, path in CATALOG.paths.items()}
    users = {
        figures[name.split(".")[2]]
        for name in graph.find_downstream_modules(module)
        if name.startswith("lstm_figs.figures.")
    }
    chance = random.Random(fault["code"])
    candidates = sorted(users) or sorted(CATALOG)
    return chance.sample(candidates, min(MAX_USERS, len(candidates)))


def _copies(work):
    copies = [work / f"copy-{k}" for k in range(os.cpu_count() or 1)]
    for copy in copies:
        shutil.rmtree(copy, ignore_errors=True)
        for folder in ("lstm_figs", "tests", "docs"):
            leave = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / folder, copy / folder, ignore=leave)
        shutil.copy(ROOT / "pyproject.toml", copy)
    return copies


def _run(*words):
    """Run a module in the copy of this thread."""
    # One thread each, because there is a process for each core.
    env = {**os.environ, "PYTHONPATH": str(OWN.copy), "OMP_NUM_THREADS": "1"}
    return subprocess.run(
        [sys.executable, "-m", *map(str, words)],
        cwd=OWN.copy,
        env=env,
        capture_output=True,
        encoding="utf-8",
        timeout=TRIAL_SECONDS,
    )


def _save_drawings(before, figure):
    """Save the drawings of a figure without faults, which may not fail a proof."""
    mark = before / f"{figure}.kept"
    if not mark.exists():
        done = _run("tests.mutants.trial", "--draw", before, figure)
        if done.returncode:
            raise SystemExit(f"{figure} is red without a fault:\n{done.stderr}")
        mark.touch()


def _try_fault(before, fault):
    """Run the checks, or the tests of a fault that no figure shows, on code with it."""
    path = OWN.copy / fault["path"]
    code = path.read_text()
    try:
        path.write_text(fault["code"])
        if tests := fault.get("tests"):
            done = _run("pytest", "-q", "-x", *tests)
            if done.returncode > 2:
                raise SystemExit(f"{fault['name']}: no test was run:\n{done.stdout}{done.stderr}")
            outcome = "killed" if done.returncode else "survived"
            *_, where = ["", *done.stdout.strip().splitlines()]
        else:
            done = _run("tests.mutants.trial", before, ",".join(fault["figures"]))
            if done.returncode:
                raise SystemExit(stop_message(fault, done))
            outcome, where = json.loads(done.stdout.splitlines()[-1])
            if outcome == "layout" and fault.get("name"):
                # Named faults were reviewed: their layout changes mislead the reader.
                outcome = "survived"
    except subprocess.TimeoutExpired:
        outcome, where = "killed", "it did not end"
    finally:
        path.write_text(code)
    return {"key": fault["key"], "outcome": outcome, "where": where}


def stop_message(fault, done):
    """Why a trial counts neither as killed nor as survived."""
    where = f"{fault['path']}, line {fault['line']}"
    return (
        f"got exit status {done.returncode} from the try of {where}, "
        f"{fault['before']!r} as {fault['after']!r}, expected 0; repair the "
        f"check or the measurement, not the fault:\n{done.stderr}"
    )


def report(faults):
    by_name = [fault for fault in faults if fault.get("name")]
    sampled = [fault for fault in faults if not fault.get("name")]
    lines = _by_figure(sampled) if sampled else []
    killed = sum(fault["outcome"] == "killed" for fault in by_name)
    lines += ["## Faults that people wrote", ""]
    lines += [f"The proofs catch {killed} of {len(by_name)} faults.", ""]
    lines += [f"- {f['name']}: {f['outcome']}" for f in by_name if f["outcome"] != "killed"]
    survivors = [fault for fault in sampled if fault["outcome"] == "survived"]
    if survivors:
        lines += ["## What survived", "", *map(_fault_line, survivors)]
    return "\n".join(lines) + "\n"


def _fault_line(fault):
    """A fault, and the first drawing that it changes."""
    path = fault["path"].removeprefix("lstm_figs/")
    where = fault["where"].strip(": ")
    before, after = (" ".join(fault[key].split()) for key in ("before", "after"))
    return f"- `{path}`, line {fault['line']}, in {where}:\n  `{before}` became `{after}`."


def _by_figure(faults):
    """The results of the sample, in total and for each figure."""
    total = Counter(fault["outcome"] for fault in faults)
    say = total["killed"] + total["survived"]
    summary = (
        f"{datetime.date.today():%-d %B %Y}: {len(faults)} faults, seed {SEED}. "
        f"{say} change the meaning of a figure, and the proofs catch {total['killed']} of "
        f"them: {100 * total['killed'] / max(1, say):.1f} %. "
        f"{total['layout']} move or restyle marks only, and {total['same']} "
        "change no drawing. In the figures that are not listed, no fault survived."
    )
    rows = [["Code of", "Faults", *map(str.capitalize, OUTCOMES)]]
    for figure in dict.fromkeys(fault["figure"] for fault in faults):
        count = Counter(fault["outcome"] for fault in faults if fault["figure"] == figure)
        if count["survived"]:
            name = f"`{figure}`" if figure else "several figures"
            rows.append([name, str(count.total()), *(str(count[o]) for o in OUTCOMES)])
    return [summary, "", table(*rows), ""]


if __name__ == "__main__":
    main()
