"""What `character-model` quotes."""

from tests.site.facts.chunks import retains
from tests.site.facts.common import session
from tests.site.facts.packed import takes_classes_second
from tests.site.quoting import asked, figure, record
from tests.site.records import CHARACTERS

FACTS = (
    *asked(
        (
            "Each column of the batch goes on in the next chunk where this one "
            "ends, so its state can be handed on",
            lambda: (
                [
                    "".join("abcdefghijkl"[k] for k in column)
                    for column in session("character-model")["places"].T
                ]
                == ["abcd", "efgh", "ijkl"]
            ),
        ),
        (
            "`cross_entropy` wants scores of shape (N, V), with the classes as "
            "the second axis",
            takes_classes_second,
        ),
        (
            "`retain_graph=True` in place of `detach`",
            lambda: "inplace operation" in retains(step=True),
        ),
    ),
    *figure(
        (
            "A row is a unit.",
            "sorted([*long, *medium, *short]) == [*range(lstm.hidden_size)]",
        ),
        ("A column is a unit.", "len(life) == lstm.hidden_size"),
    ),
    *record(
        CHARACTERS,
        ("the {} sonnets", "text.strip().count(chr(10) * 2) + 1"),
        ("among the {} characters of the text", "alphabet"),
        ("would have a loss of {:.2f}", "math.log(alphabet)"),
        ("it has read {:,} characters", "len(text)"),
        ("cuts the text into {} pieces", "script.STREAMS"),
        ("within the {} steps of a chunk", "script.STEPS"),
        ("At a **temperature** of {} it", "script.TEMPERATURES[0]"),
        ("At {} it varies more", "script.TEMPERATURES[1]"),
        ("At {} it takes unlikely characters", "script.TEMPERATURES[2]"),
        (
            "Of its {} units one has a cell state that follows how far the "
            "line has got, with a correlation of {:.2f}",
            "script.HIDDEN",
            "follows",
        ),
    ),
    *figure(
        (
            "It writes a bit less than one at most characters",
            "0.7 < (i * g)[:42, 0, units[0]].median() < 0.95",
        ),
        ("to {:.1f} at the comma", "c[41, 0, units[0]]"),
        ("at the comma", "tokens[41:43] == [',', '↓']"),
        (
            "its forget gate is {:.2f}, the memory falls to {:.1f}",
            "f[43, 0, units[0]]",
            "c[43, 0, units[0]]",
        ),
        (
            "The gate `o` is shut at most characters",
            "o[:, 0, units[0]].median() < 0.05",
        ),
    ),
    *figure(
        (
            "{} units that hold a write ten characters or more",
            "int((life >= 10).sum())",
        ),
        ("{} that hold one or two", "int((life <= 2).sum())"),
        (
            "In the units that hold a write ten steps or more, `o` is open at "
            "{:.0f} % of the steps; where it lasts one or two, "
            "at {:.0f} %",
            "100 * (o[:, 0, life >= 10] > 0.9).double().mean()",
            "100 * (o[:, 0, life <= 2] > 0.9).double().mean()",
        ),
        (
            "At the first letter of the next line, {} of the units that hold "
            "long lose over half of their memory",
            "int(((c[43, 0, long].abs() < c[42, 0, long].abs() / 2) & "
            "(c[42, 0, long].abs() >= c[:, 0, long].abs().amax(0) / 2)).sum())",
        ),
        (
            "unit 15 among them",
            "15 in long and c[43, 0, 15].abs() < c[42, 0, 15].abs() / 2 and "
            "tokens[42:44] == ['↓', 'T']",
        ),
        (
            "is thus not the work of one unit",
            "(c[43, 0, long].abs() < c[42, 0, long].abs() / 2).sum() > 1",
        ),
        ("In the lower rows nothing stays", "bool((life[short] <= 2).all())"),
        (
            "What is kept long is seldom shown",
            "(o[:, 0, life >= 10] > 0.9).double().mean() < 0.1",
        ),
    ),
    *record(
        CHARACTERS,
        ("Then it writes, {:word} times", "printed.count('temperature')"),
    ),
    *figure(
        ("The first {:word} lines of the first sonnet", "tokens.count('↓')")
    ),
)
