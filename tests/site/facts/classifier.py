"""What `classifier` quotes."""

from tests.site.quoting import figure, record
from tests.site.records import CLASSIFIERS, FREE_TEXT

FACTS = (
    *record(
        FREE_TEXT,
        ("Of {} sentences from", "unseen"),
        (
            "are right on: | Trained with | {} | {} | {} | {} |",
            *(f"int([*right][{k}])" for k in range(4)),
        ),
        *(
            (
                f"| {name} | {{}} | {{}} | {{}} | {{}} |",
                *(f"[*right.values()][{k}]['{kind}']" for k in range(4)),
            )
            for name, kind in (
                ("LSTM", "LSTM"),
                ("Words alone", "bag of words"),
            )
        ),
        (
            "with {} sentences of free text it is hardly better than guessing",
            "min(map(int, right))",
        ),
        (
            "hardly better than guessing",
            "right['200']['LSTM'] < 0.56 * unseen",
        ),
        (
            "only with {} is it ahead of its rival",
            "', '.join(n for n in right "
            "if right[n]['LSTM'] > right[n]['bag of words'])",
        ),
    ),
    *record(
        CLASSIFIERS,
        ("{} short reviews that are either", "sentences"),
        (
            "say how many of {} reviews it gets right, none of which it was "
            "trained with",
            "sum(unseen.values())",
        ),
        ("refuses fewer than {} in all", "load('classifier').LEAST"),
        (
            "Below about 100 unseen sentences a percentage is mostly noise",
            "share(80, 100)[1] - share(80, 100)[0] > 0.15",
        ),
        (
            "{} of {} is {:.0%}, but with so few the true share may be "
            "anything from {:.0%} to {:.0%}",
            "16",
            "20",
            "16 / 20",
            "share(16, 20)[0]",
            "share(16, 20)[1]",
        ),
        (
            "with {} of {} it is between {:.0%} and {:.0%}. (These are 95% "
            "confidence intervals.)",
            "80",
            "100",
            "share(80, 100)[0]",
            "share(80, 100)[1]",
        ),
        (
            "an answer below](#what-it-does-not-know) is wrong at {:.0%}",
            "asked['It is lovely, but it used to be dull.']['bad']",
        ),
        (
            "does not show in the {:.0%}",
            "asked['It is lovely, but it used to be dull.']['bad']",
        ),
        (
            "of the same {}: | Trained with | {} | {} | {} | {} | {} |",
            "sum(unseen.values())",
            *(f"int([*few][{k}])" for k in range(4)),
            "sentences - sum(unseen.values())",
        ),
        (
            "| Right on | {} | {} | {} | {} | {} |",
            *(f"[*few.values()][{k}]" for k in range(4)),
            "sum(networks[0][group] for group in unseen)",
        ),
        ("hides a tenth of the words", "load('classifier').HIDE == 0.1"),
        ("With only {} of the reviews", "int(folds[-1].split()[-1])"),
        (
            "Of {} good reviews, {} were called bad.",
            "sum(map(int, folds[2].split()[-2:]))",
            "int(folds[2].split()[-2])",
        ),
        ("It trains five times", "load('cross_validate').FOLDS == 5"),
        (
            "Two thirds of the reviews have a twin",
            "abs(unseen['OPPOSED'] / sum(unseen.values()) - 2 / 3) < 0.05",
        ),
        ("Both were trained five times", "len(of('LSTM')) == 5"),
        ("Both were trained five times", "len(of('bag of words')) == 5"),
        *(
            (
                "{} of {} | {} to {} of {}",
                f"min(of('LSTM', '{made}'))",
                f"unseen['{made}']",
                f"min(of('bag of words', '{made}'))",
                f"max(of('bag of words', '{made}'))",
                f"unseen['{made}']",
            )
            for made in ("PLAIN", "FLIPPED", "OPPOSED")
        ),
        (
            "All unseen reviews were right",
            "all(sum(n[k] for k in unseen) == sum(unseen.values()) "
            "for n in networks if n['kind'] == 'LSTM')",
        ),
    ),
    *figure(
        (
            "both sentences are the same, and so is the unit: at `not` it "
            "writes {:.2f}",
            "(i * g)[3, 0, units[0]]",
        ),
        (
            "At `good` its forget gate is {:.2f} and it writes {:.2f}, so it "
            "stays below zero, at {:.2f}",
            "f[4, 0, units[0]]",
            "(i * g)[4, 0, units[0]]",
            "c[4, 0, units[0]]",
        ),
        ("At the end it is at {:.2f} in the first", "c[7, 0, units[0]]"),
        id="reading-bad",
    ),
    *figure(
        (
            "and so is the unit: at `not` it writes {:.2f}",
            "(i * g)[3, 0, units[0]]",
        ),
        (
            "At `bad` its forget gate is {:.2f}, so the {:.2f} is gone, and "
            "{:.2f} is written",
            "f[4, 0, units[0]]",
            "c[3, 0, units[0]]",
            "(i * g)[4, 0, units[0]]",
        ),
        ("sentence and at {:.2f} in the second", "c[7, 0, units[0]]"),
    ),
)
