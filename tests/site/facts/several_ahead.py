"""What `several-ahead` quotes."""

import inspect
import tempfile
from pathlib import Path

import torch

from tests.listings import load
from tests.site.facts.common import drawn
from tests.site.quoting import asked, record
from tests.site.records import AHEAD

SCRIPT = load("ahead")


def reads_columns() -> bool:
    """Whether a file of names and rows is read as it stands."""
    names, rows = ["a", "b", "c"], drawn(200, 3)
    lines = [",".join(map(str, row)) for row in rows.tolist()]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "some.csv")
        path.write_text("\n".join([",".join(names), *lines]))
        found, read = SCRIPT.read(path)
    return found == names and torch.allclose(read, rows)


def forecasts_all_that_it_reads() -> bool:
    at_once, fed_back = SCRIPT.AtOnce(3, 0), SCRIPT.FedBack(3, 0)
    said, _ = fed_back.next(drawn(5, 2, 3))
    return (
        at_once.lstm.input_size == fed_back.lstm.input_size == 3
        and at_once(drawn(5, 2, 3)).shape == (SCRIPT.AHEAD, 2)
        and said.shape == (5, 2, 3)
    )


def begins_with_the_end_of_the_other() -> bool:
    """Whether the test reads the last rows of the training part."""
    train, test = SCRIPT.parts(drawn(500, 3))
    return (
        torch.equal(test[: SCRIPT.PAST], train[-SCRIPT.PAST :])
        and len(train) + len(test) == 500 + SCRIPT.PAST
    )


FACTS = (
    *asked(
        *(
            (words, reads_columns)
            for words in (
                "forecasts seven steps of a series from several columns of a "
                "CSV file",
                "The file has a line with names, and then a row for each "
                "step, the oldest first, with a number in each column",
                "Put what they say into columns",
                "with a column beside that says where there was one",
            )
        ),
        (
            "All columns are read, and `--target` is forecast; without it, the "
            "last.",
            reads_columns,
            lambda: (
                "asked.target or names[-1]" in inspect.getsource(SCRIPT.main)
            ),
        ),
        *(
            (words, forecasts_all_that_it_reads)
            for words in (
                "**Several features** are several columns, so `input_size` is "
                "their number, and a step is a row.",
                "are several sequences and no columns",
                "| Has to forecast | The target alone | Every column that it "
                "reads |",
                "write the known value over the forecast of that column",
            )
        ),
        (
            "has a step of its own, with one number for each column",
            lambda: (
                SCRIPT.windows(drawn(50, 3))[0].shape
                == (SCRIPT.PAST, 50 - SCRIPT.PAST - SCRIPT.AHEAD + 1, 3)
            ),
        ),
        (
            "each column is scaled by its own mean and standard deviation",
            lambda: (
                "train_rows.mean(dim=0), train_rows.std(dim=0)"
                in inspect.getsource(SCRIPT.compare)
            ),
            lambda: drawn(50, 3).mean(dim=0).shape == (3,),
        ),
        (
            "Taken from all rows they would tell the network where the series "
            "is going",
            begins_with_the_end_of_the_other,
        ),
        (
            "lets the first window of the test read the last `PAST` rows of "
            "the training part",
            begins_with_the_end_of_the_other,
        ),
    ),
    *record(
        AHEAD,
        ("forecasts seven steps", "script.AHEAD == 7 == errors['ahead'][-1]"),
        (
            "Here both networks are far better for the next day, {:.1f} at "
            "once against {:.1f}.",
            "errors['at once'][0]",
            "min(errors['season'][0], errors['last'][0])",
        ),
        (
            "both networks are far better for the next day",
            "max(errors['at once'][0], errors['fed back'][0]) "
            "< 0.7 * min(errors['season'][0], errors['last'][0])",
        ),
        (
            "For the seventh day the gain has gone: {:.1f} fed back and {:.1f} "
            "at once against {:.1f}.",
            "errors['fed back'][-1]",
            "errors['at once'][-1]",
            "errors['season'][-1]",
        ),
        (
            "the gain has gone",
            "all(abs(errors[way][-1] / errors['season'][-1] - 1) < 0.06 "
            "for way in ('fed back', 'at once'))",
        ),
        (
            "at once wins for the first steps, and fed back for the last",
            "errors['at once'][0] < errors['fed back'][0]",
            "errors['at once'][-1] > errors['fed back'][-1]",
        ),
        (
            "`--season` is how many steps a period has: 24 for hours of a day, "
            "12",
            "24 == 2 * 12",
        ),
        (
            "The script refuses fewer than {}.",
            "5 * (script.PAST + script.AHEAD)",
        ),
        (
            "leaves errors of {:.1f} to {:.1f} at once, and of {:.1f} to "
            "{:.1f} fed back",
            "min(unscaled['at once'])",
            "max(unscaled['at once'])",
            "min(unscaled['fed back'])",
            "max(unscaled['fed back'])",
        ),
    ),
)
