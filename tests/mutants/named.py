"""Named faults, which `scripts/mutants` tries besides its sample."""

from tests.fault_records import ROOT, read

NAMED_FAULTS = read(ROOT / "tests/mutants/faults.txt")


def faults():
    for fault in NAMED_FAULTS:
        text = (ROOT / fault.path).read_text("utf-8")
        # Says which text is lost, so it comes first.
        code = fault.edited(text)
        before, after = fault.pairs[0]
        yield {
            "name": fault.name,
            "figure": fault.figure,
            "path": fault.path,
            "line": text[: text.index(before)].count("\n") + 1,
            "operator": "named",
            "before": before,
            "after": after,
            "code": code,
            "tests": fault.tests,
        }
