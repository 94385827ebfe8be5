"""What `classifier` quotes."""

import tempfile
from pathlib import Path

import torch
from torch.nn.utils.rnn import pack_padded_sequence

from tests.listings import load
from tests.site.facts.after_loading import reads_no_module
from tests.site.facts.common import are_directions_in_order, drawn
from tests.site.facts.packed import comes_back_in_order
from tests.site.quoting import asked, figure, record
from tests.site.records import CLASSIFIERS, FREE_TEXT

SCRIPT = load("classifier")


def reads_its_columns() -> bool:
    """Whether text and label are read by name, and empty texts left out."""
    lines = [f"{k % 2},word{k} again" for k in range(30)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "some.csv")
        path.write_text("\n".join(["label,text", *lines, "1,"]))
        rows = SCRIPT.read(path)
    return sorted(rows) == sorted(
        (f"word{k} again", str(k % 2)) for k in range(30)
    )


def made() -> torch.nn.Module:
    torch.manual_seed(0)
    words = SCRIPT.vocabulary([" ".join(f"word{k}" for k in range(40))])
    return SCRIPT.Classifier(words, ["no", "yes"])


def has_a_row_for_each_word() -> bool:
    model = made()
    rows, _ = model.embedding.weight.shape
    try:
        model.embedding(torch.tensor([rows]))
    except IndexError:
        return rows == len(model.words) == len(model.ids)
    return False


def trains_the_row_of_the_unknown() -> bool:
    """Whether it learns in training, although every word is known."""
    model = made()
    ids = torch.arange(2, 42).repeat(10, 1)
    model.vectors(ids).sum().backward()
    return bool(model.embedding.weight.grad[SCRIPT.UNKNOWN].any())


def keeps_its_row_at_zero() -> bool:
    embedding = torch.nn.Embedding(5, 3, padding_idx=0)
    embedding(torch.tensor([0, 1])).sum().backward()
    return not embedding.weight[0].any() and not embedding.weight.grad[0].any()


def is_refused_unsorted() -> bool:
    try:
        pack_padded_sequence(drawn(5, 2, 3), [3, 5])
    except RuntimeError as error:
        return "must be sorted in decreasing order" in str(error)
    return False


def is_left_alone(norm: float) -> bool:
    """Whether a gradient of a norm stays as it is, if the limit is one."""
    number = torch.nn.Parameter(torch.zeros(1))
    number.grad = torch.full((1,), norm)
    torch.nn.utils.clip_grad_norm_([number], max_norm=1)
    return number.grad.item() == norm


FACTS = (
    *asked(
        (
            "Gradients whose norm is below the limit are left alone;",
            lambda: is_left_alone(0.5) and not is_left_alone(2.0),
        ),
    ),
    *asked(
        (
            "**It learns, but one direction only.** The readout gets "
            "[`h_n[-1]` alone]",
            are_directions_in_order,
        ),
        (
            "Write them into a CSV file with the columns `text` and `label`; "
            "these rows show the form",
            reads_its_columns,
        ),
        ("`read` leaves such rows out.", reads_its_columns),
        (
            "`h_n[-2]` is the forward direction after the last word, and "
            "`h_n[-1]` the reverse direction after the first.",
            are_directions_in_order,
        ),
        ("the embedding has a row for each", has_a_row_for_each_word),
        (
            "So that its row is trained as well",
            trains_the_row_of_the_unknown,
        ),
        (
            "`padding_idx=0` keeps its row of the embedding at zero.",
            keeps_its_row_at_zero,
        ),
        (
            "`enforce_sorted=False` sorts the batch for you, and `h_n` comes "
            "back in your order.",
            comes_back_in_order,
        ),
        (
            "Row 17 of the embedding means nothing without the word that it "
            "stands for.",
            lambda: made().ids[made().words[17]] == 17,
        ),
        (
            "`torch.load` with `weights_only=True` reads them without running "
            "code from the file",
            reads_no_module,
        ),
        ("`enforce_sorted=False` is missing.", is_refused_unsorted),
        ("The embedding has no row for an id", has_a_row_for_each_word),
    ),
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
            "**The columns on the right are the confusion matrix**: a row for "
            "each right label, a column for each label that was given.",
            "sum(int(n) for line in folds[1:3] for n in line.split()[-2:]) "
            "== int(folds[-1].split()[-1])",
            "sum(int(folds[1 + k].split()[-2:][k]) for k in range(2)) "
            "== int(folds[-1].split()[-3])",
        ),
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
