"""What `several-ahead` quotes."""

from tests.site.quoting import record
from tests.site.records import AHEAD

FACTS = record(
    AHEAD,
    ("forecasts seven steps", "script.AHEAD == 7 == errors['ahead'][-1]"),
    (
        "Here both networks are far better for the next day, {:.1f} at once "
        "against {:.1f}.",
        "errors['at once'][0]",
        "min(errors['season'][0], errors['last'][0])",
    ),
    (
        "both networks are far better for the next day",
        "max(errors['at once'][0], errors['fed back'][0]) "
        "< 0.7 * min(errors['season'][0], errors['last'][0])",
    ),
    (
        "For the seventh day the gain has gone: {:.1f} fed back and {:.1f} at "
        "once against {:.1f}.",
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
        "`--season` is how many steps a period has: 24 for hours of a day, 12",
        "24 == 2 * 12",
    ),
    (
        "The script refuses fewer than {}.",
        "5 * (script.PAST + script.AHEAD)",
    ),
    (
        "leaves errors of {:.1f} to {:.1f} at once, and of {:.1f} to {:.1f} "
        "fed back",
        "min(unscaled['at once'])",
        "max(unscaled['at once'])",
        "min(unscaled['fed back'])",
        "max(unscaled['fed back'])",
    ),
)
