"""Write the records of a figure: `python -m tests.binding.write NAME`.

If the figure has no test folder, create one with everything that the drawings
provide. Otherwise update its `parts.txt`, for the figures named or for all, and show
the changes as lines and as pictures. The parts and pictures before the change are
drawn with the code of the last commit. No test can verify words without a value or
claim, so `parts.txt` is written only when you confirm them: `--true 'the words'`,
once for each. Change the words in `templates.txt` by hand first.
"""

import argparse
import sys
import warnings

from lstm_figs.errors import BeyondLimit
from tests.binding import parts, renewal, scaffold, specs, wording
from tests.binding.cases import BOUND, cases_of, read, svg, versions_of, widths_of


def refused(figure):
    """The cases that a figure cannot show and that `REFUSED` lacks."""
    refusals = []
    for case in cases_of(figure):
        try:
            svg(figure, case, 720)
        except BeyondLimit as error:
            refusals.append(f"{case!r}: {error}")
    return refusals


def write(figure, confirmed=(), commit="HEAD"):
    """Write the records of a figure, and its test folder if there is none.

    Args:
        confirmed: The words that the user has confirmed.
        commit: The commit to compare parts and pictures with.

    Returns:
        Whether everything was written.
    """
    folder = specs.folder(figure)
    init_file = folder / "__init__.py"
    if not init_file.exists():
        folder.mkdir(exist_ok=True)
        init_file.write_text(scaffold.code(figure), "utf-8")
        (folder / "templates.txt").write_text(scaffold.templates(figure), "utf-8")
        print(
            f"Made {specs.relative_path(figure)}: read it, and put what is right in the place "
            "of each ?"
        )
    if beyond := refused(figure):
        print(*beyond, sep="\n")
        sys.exit(
            f"{figure} cannot show these {len(beyond)}: draw them, or put "
            f"their names into REFUSED of {specs.relative_path(figure)}"
        )
    counted = counted_drawings(figure)
    differences = renewal.compare_parts(figure, counted, commit)
    words = differences.words
    known = {*words, *wording.known_phrases(figure)}
    if strange := [sentence for sentence in confirmed if sentence not in known]:
        sys.exit(
            f"got --true {strange[0]!r}, expected words of {figure} that have changed: {words}"
        )
    if differences.lines:
        print(f"{specs.relative_path(figure)}/parts.txt", *differences.lines, sep="\n")
    if differences.page:
        print(f"Before and after: {differences.page}")
    if {*words} - {*confirmed}:
        # Without their digests, parts with unread words remain a fault.
        print(renewal.confirmation_request(figure, words, [*confirmed]))
        return False
    digests = parts.written(parts.by_place(counted))
    (folder / "parts.txt").write_text(digests, "utf-8")
    return True


def counted_drawings(figure):
    """(version, case, width) -> the parts of a drawing, for the cases that `parts.txt` needs."""
    return {
        (version, case, width): parts.counted(read(version, case, width))
        for version in versions_of(figure)
        for case in filter(parts.is_counted, cases_of(figure))
        for width in widths_of(figure)
    }


def main(arguments):
    """Run the command; returns 1 if some words are unconfirmed."""
    parser = argparse.ArgumentParser(prog="python -m tests.binding.write")
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument(
        "--true",
        action="append",
        default=[],
        metavar="WORDS",
        help="words without a value or a claim that you have read",
    )
    parser.add_argument("--before", default="HEAD", metavar="COMMIT", help="compare with it")
    typed = parser.parse_args(arguments)
    for name in typed.names:
        if name not in BOUND:
            parser.error(
                f"got {name!r}, expected a figure that has a Head; put its "
                "name into Name in lstm_figs/figures/__init__.py"
            )
    if typed.true and len(typed.names) != 1:
        parser.error("got --true, expected one figure whose words these are")
    results = [write(name, typed.true, typed.before) for name in typed.names or BOUND]
    return 0 if all(results) else 1


if __name__ == "__main__":
    # Torch warns about how it runs some cases.
    warnings.simplefilter("ignore")
    sys.exit(main(sys.argv[1:]))
