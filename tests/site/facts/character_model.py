"""What `character-model` quotes."""

from functools import cache

import torch

from tests.doc_scripts import CODE, load
from tests.site.facts.chunks import retains
from tests.site.facts.claims import learns_from_before
from tests.site.facts.common import randn, session
from tests.site.facts.forecast import fades_in_a_long_series, goes_backward_twice
from tests.site.facts.packed import takes_classes_second
from tests.site.facts_of_pages import figure, of_torch, record
from tests.site.records import CHARACTERS, names_of


@cache
def network() -> torch.nn.Module:
    """What writes on the page."""
    return load("characters").load(CODE / "characters.safetensors")


@cache
def words() -> frozenset[str]:
    """The words of the sonnets."""
    return frozenset(names_of(CHARACTERS)["text"].split())


def share_of_words(text: str) -> float:
    generated = text.split()[1:-1]
    return sum(word in words() for word in generated) / len(generated)


def printed(place: int) -> str:
    """What stands on the page for one of the three temperatures."""
    parts = names_of(CHARACTERS)["printed"].split("temperature ")[1:]
    return parts[place].partition("\n")[2]


@cache
def likeliest(temperature: float) -> float:
    """How likely the likeliest character is, in the mean over a sonnet."""
    text = names_of(CHARACTERS)["text"][:600]
    with torch.no_grad():
        scores, _ = network()(network().encode(text)[:, None])
    return (scores / temperature).softmax(-1).amax(-1).mean().item()


def takes_the_likeliest() -> bool:
    """Whether a low temperature mostly does, and has fewer different words."""
    low, middle = (printed(k).split() for k in (0, 1))
    return likeliest(0.3) > 0.75 > 0.5 > likeliest(1.2) and (
        len({*low}) / len(low) < 0.8 * len({*middle}) / len(middle)
    )


def falls_apart() -> bool:
    """Whether at the highest temperature the fewest words are words."""
    shares = [share_of_words(printed(k)) for k in range(3)]
    return shares[2] == min(shares) and shares[2] < 0.6 * shares[0]


def has_read_nothing_else() -> bool:
    """Whether its characters are those of the text, and no others."""
    text = names_of(CHARACTERS)["text"]
    return {*network().alphabet} == {*text} and (len(text) == names_of(CHARACTERS)["characters"])


def is_told_the_classes() -> bool:
    """Whether axes that are not joined are refused as the page says."""
    scores, targets = torch.zeros(50, 32, 61), torch.zeros(50, 32).long()
    try:
        torch.nn.functional.cross_entropy(scores, targets)
    except RuntimeError as error:
        return "Expected target size [50, 61], got [50, 32]" in str(error)
    return False


def leaves_the_largest_the_largest() -> bool:
    scores = randn(50, 61)
    return all(
        torch.equal((scores / t).argmax(dim=1), scores.argmax(dim=1)) for t in (0.3, 0.7, 1, 2)
    )


@cache
def goes_in_a_circle() -> bool:
    """Whether the likeliest is taken at zero, and the text comes again."""
    script, scores = load("characters"), randn(1, 61)
    text = script.write(network(), "Shall", 400, 0.0)
    return script.choose(scores, 0.0).item() == scores.argmax().item() and text[-40:] in text[:-40]


def sees_one_letter(is_handed: bool) -> bool:
    """Whether what follows a letter is the same after any beginning."""
    results = []
    with torch.no_grad():
        for start in ("wit", "tha"):
            _, state = network()(network().encode(start)[:, None])
            letter = network().encode("h")[:, None]
            scores, _ = network()(letter, state if is_handed else None)
            results.append(scores)
    return torch.equal(*results)


@cache
def written(is_handed: bool) -> str:
    """What is written with and without the state of the step before."""
    script, text, state = load("characters"), "F", None
    torch.manual_seed(0)
    with torch.inference_mode():
        places = network().encode(text)[:, None]
        for _ in range(300):
            scores, state = network()(places, state if is_handed else None)
            places = script.choose(scores[-1], 0.5)
            text += network().alphabet[places]
    return text


def is_told_the_next_character_alone() -> bool:
    """Whether the only target of the training is the next character."""
    source = (CODE / "characters.py").read_text("utf-8")
    return (
        source.count("targets = ") == 1
        and "targets = rows[start + 1 : start + 1 + STEPS]" in source
        and names_of(CHARACTERS)["follows"] > 0.7
    )


def has_many_steps() -> bool:
    """Whether a stream is long, so that its first state does not matter."""
    script = names_of(CHARACTERS)["script"]
    return names_of(CHARACTERS)["characters"] // script.STREAMS > 2000 and fades_in_a_long_series()


def reads_all_of_the_beginning() -> bool:
    """Whether the first call reads it at once, and others a letter each."""
    script, lengths = load("characters"), []
    hook = network().register_forward_pre_hook(lambda _, inputs: lengths.append(len(inputs[0])))
    script.write(network(), "Shall", 3, 0.7)
    hook.remove()
    return lengths == [5, 1, 1]


def are_equally_long() -> bool:
    """Whether streams are pieces of the text, one after the other."""
    script = load("characters")
    rows = script.streams(torch.arange(103), 4)
    return rows.shape == (25, 4) and torch.equal(rows.T.flatten(), torch.arange(100))


def draws_by_probability() -> bool:
    """Whether characters are drawn as often as the softmax says."""
    script, scores = load("characters"), torch.tensor([[2.0, 1.0, 0.0]])
    torch.manual_seed(0)
    choices = torch.cat([script.choose(scores, 1.0) for _ in range(500)])
    shares = choices.flatten().bincount(minlength=3) / 500
    return torch.allclose(shares, scores.softmax(1)[0], atol=0.05)


FACTS = (
    *of_torch(
        (
            "A softmax turns the scores into probabilities, and `multinomial` "
            "draws a character with them.",
            draws_by_probability,
        ),
        (
            ", while the memory reaches further back.",
            lambda: learns_from_before(False),
            lambda: not learns_from_before(True),
        ),
    ),
    *of_torch(
        (
            "**Writing is one step at a time.** The first call reads all of the beginning.",
            reads_all_of_the_beginning,
        ),
        ("of the same length, which are read side by side.", are_equally_long),
        (
            "** The last chunk has fewer streams than the state. Cut the text "
            "so that all are equally long, as `streams` does.",
            are_equally_long,
        ),
    ),
    *of_torch(
        ("it mostly takes the likeliest character, and repeats itself:", takes_the_likeliest),
        ("too often, and its words fall apart: What it says makes no sense;", falls_apart),
        (", and nothing else, ever.", has_read_nothing_else),
        ("nobody told it what a word or a line is.", is_told_the_next_character_alone),
        (
            "It is cleared once per epoch, because there every stream begins "
            "again; the first chunk starts from zeros, since [a first state "
            "that is learned](chunks.md#a-first-state-that-is-learned) would "
            "not matter in a text of thousands of steps.",
            has_many_steps,
        ),
        ("Every character is a target, that of the step before.", is_told_the_next_character_alone),
        (
            "so time and batch become one axis of N·T guesses: Without that, "
            "PyTorch takes the batch for the classes, and this is the message "
            "that people most often see here:",
            is_told_the_classes,
            takes_classes_second,
        ),
        (
            "At zero there is nothing to draw: the likeliest character is "
            "taken each time, `argmax`, and the text soon goes in a circle.",
            goes_in_a_circle,
        ),
        (
            "A program that takes `argmax` itself writes the same at any "
            "temperature, since division leaves the largest score the largest;",
            leaves_the_largest_the_largest,
        ),
        (
            "Without the state the network would see a single letter, and "
            "forget what word it is in.",
            lambda: sees_one_letter(is_handed=False),
            lambda: not sees_one_letter(is_handed=True),
        ),
        (
            ", found in a network that was only asked for the next character.",
            is_told_the_next_character_alone,
        ),
        ("** The state is not detached between chunks.", goes_backward_twice),
        (
            "**It writes letters without words.** The state is dropped between "
            "the calls, or each chunk continues a different stream.",
            lambda: share_of_words(written(True)) > 0.6,
            lambda: share_of_words(written(False)) < 0.3,
        ),
        (
            "**It writes the same line, or the same word, again and again.** "
            "The temperature is too low, or it is `argmax`;",
            goes_in_a_circle,
        ),
    ),
    *of_torch(
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
            "`cross_entropy` wants scores of shape (N, V), with the classes as the second axis",
            takes_classes_second,
        ),
        (
            "`retain_graph=True` in place of `detach`",
            lambda: "inplace operation" in retains(step=True),
        ),
    ),
    *figure(
        ("A row is a unit.", "sorted([*long, *medium, *short]) == [*range(lstm.hidden_size)]"),
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
        (
            ", so it rises all along the line,",
            "(c[:42, 0, units[0]].diff() > 0).double().mean() > 0.85",
            "c[41, 0, units[0]] == c[:42, 0, units[0]].max()",
        ),
        ("to {:.1f} at the comma", "c[41, 0, units[0]]"),
        ("at the comma", "tokens[41:43] == [',', '↓']"),
        (
            "its forget gate is {:.2f}, the memory falls to {:.1f}",
            "f[43, 0, units[0]]",
            "c[43, 0, units[0]]",
        ),
        (
            "The gate `o` is shut at most characters, so most of the time the "
            "count is kept without being shown.",
            "o[:, 0, units[0]].median() < 0.05",
            "f[:, 0, units[0]].median() > 0.95",
        ),
    ),
    *figure(
        ("{} units that hold a write ten characters or more", "int((life >= 10).sum())"),
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
        ("What is kept long is seldom shown", "(o[:, 0, life >= 10] > 0.9).double().mean() < 0.1"),
    ),
    *record(CHARACTERS, ("Then it writes, {:word} times", "printed.count('temperature')")),
    *figure(("The first {:word} lines of the first sonnet", "tokens.count('↓')")),
)
