"""Try one fault: `python -m tests.mutants.trial BEFORE FIGURE…`.

Run it in a copy of the project with the fault. BEFORE is a folder with the drawings
without the fault; `--draw` makes them. Prints the outcome as JSON.
"""

import json
import sys
import traceback
import warnings
from pathlib import Path
from xml.etree.ElementTree import ParseError

ROOT = Path(__file__).parents[2]
PACKAGE, TESTS = ROOT / "lstm_figs", ROOT / "tests"
GENERATED_FILES = "", "<string>"
"""File names of code inside a drawing: its expressions and its preamble."""


def is_seen(error):
    """Whether an exception shows that somebody would notice the fault.

    Exceptions elsewhere than in the package, a drawing or an assertion of a check
    are errors of the checks or of this measurement.
    """
    if isinstance(error, AssertionError | ParseError):
        return True
    files = [frame.filename for frame in traceback.extract_tb(error.__traceback__)]
    own = [
        file
        for file in files
        if file in GENERATED_FILES
        or any(Path(file).is_relative_to(folder) for folder in (PACKAGE, TESTS))
    ]
    last = own[-1] if own else str(TESTS)
    return last in GENERATED_FILES or Path(last).is_relative_to(PACKAGE)


def main(words):
    """Save drawings, or compare with them."""
    *options, before, figures = words
    try:
        # Import them late, because the fault may be in their imports.
        from tests.mutants import saved_drawings

        if options:
            saved_drawings.save_drawings(Path(before), figures.split(","))
            return
        outcome = saved_drawings.outcome_of(Path(before), figures.split(","))
    except Exception as error:
        if options or not is_seen(error):
            raise
        outcome = "killed", f"{figures}: {error!r}"
    print(json.dumps(outcome))


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main(sys.argv[1:])
