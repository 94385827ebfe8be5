"""What `character-model` quotes."""

from functools import cache

import torch

from tests.doc_scripts import CODE, load
from tests.site.facts.common import randn
from tests.site.facts.forecast import fades_in_a_long_series
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
