"""One round of a search: every property for some seconds, in one process."""

import os

# Set before torch and NumPy are imported, because all cores are in use.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import builtins
import json
import random
import signal
import sys
import time
import tomllib
import traceback
import warnings
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

from lstm_figs.errors import BeyondLimit
from tests.binding.inspection import check_refusal
from tests.fuzz import commands, equations, figure_properties, files
from tests.fuzz.replay import call

ROOT = Path(__file__).parents[2]
PROPERTIES = [
    *equations.PROPERTIES,
    *figure_properties.PROPERTIES,
    *files.PROPERTIES,
    *commands.PROPERTIES,
]
SECONDS = 1.0
"""Seconds per property and round, multiplied by its share."""
MAX_CASE_SECONDS = 300
"""Seconds that one case may take, on a busy machine."""
SHRINK_SECONDS = 60
"""Seconds for shrinking a failure."""


class TimeIsOver(BaseException):
    """Raised when the time of a property is over."""


class Search:
    """Draws cases until its time is over or one fails, and keeps the smallest that failed."""

    def __init__(self, property, current):
        self.property = property
        self.current = current
        self.until = 0.0
        self.case_count = 0
        self.failed = None
        self.error = ""

    def run(self):
        """Search with a new seed."""
        chosen = settings(
            max_examples=10**6,
            deadline=None,
            database=None,
            derandomize=False,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate, Phase.shrink),
        )
        # The failure is stored here, because Hypothesis would report it differently.
        try:
            search = chosen(given(case=self.property.cases)(self._try))
            seed(random.SystemRandom().getrandbits(64))(search)()
        except TimeIsOver:
            pass
        except Exception:
            if self.failed is None:
                raise

    def _try(self, case):
        now = time.monotonic()
        self.until = self.until or now + SECONDS * self.property.share
        if now > self.until:
            # The failure is known; its shrinking takes too long.
            if self.failed is not None:
                return
            raise TimeIsOver
        self.case_count += 1
        self.current.write_text(call(self.property, case), "utf-8")
        signal.alarm(MAX_CASE_SECONDS)
        try:
            self.property.test(**case)
        except BeyondLimit as error:
            # Tensors that a figure cannot show are rejected everywhere.
            check_refusal(error)
        except Exception:
            if self.failed is None:
                self.until = time.monotonic() + SHRINK_SECONDS
            self.failed, self.error = case, traceback.format_exc(limit=-3)
            raise
        finally:
            signal.alarm(0)


def rounds(current, until):
    """Search each property once, in random order, until time is over.

    The current case is in a file, in case this process crashes.
    """
    for tested in random.SystemRandom().sample(PROPERTIES, len(PROPERTIES)):
        if time.monotonic() > until:
            return
        search = Search(tested, current)
        search.run()
        yield {
            "property": tested.name,
            "drawn": search.case_count,
            "call": "" if search.failed is None else call(tested, search.failed),
            "error": search.error,
        }


def too_long(number, frame):
    raise TimeoutError(f"a case takes more than {MAX_CASE_SECONDS} seconds")


def main():
    """Print the result of each property as a line of JSON."""
    current, seconds = Path(sys.argv[1]), float(sys.argv[2])
    signal.signal(signal.SIGALRM, too_long)
    filters = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["pytest"]["ini_options"]
    # Like pytest, turn warnings into errors, except those of its list.
    for line in filters["filterwarnings"]:
        action, message, category = [*line.split(":"), "", ""][:3]
        warnings.filterwarnings(action, message, getattr(builtins, category, Warning))
    for result in rounds(current, time.monotonic() + seconds):
        print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
