"""Every text is exactly one of number, label, tick, sentence and operator."""

from functools import lru_cache

from tests.binding.drawing import OPERATORS


def faults(drawing):
    for text in drawing.texts:
        kinds = kinds_of(text)
        if len(kinds) != 1:
            kind_names = " and ".join(kinds) or "of no kind"
            yield (
                f"{text} is {kind_names}; it must be one of number, label, tick, sentence "
                "and operator"
            )


@lru_cache(maxsize=2**12)
def kinds_of(text):
    """What a text is; every text must be exactly one of these."""
    is_label = text.has("data-names")
    is_sentence = any("data-says" in e.attrib for e in text.ancestors)
    is_sentence |= text.has("data-says") and not is_label
    tests = {
        "number": text.has("data-value"),
        "label": is_label,
        "tick": text.get("class") == "lf-tick",
        "sentence": is_sentence,
    }
    kinds = [kind for kind, is_one in tests.items() if is_one]
    if not kinds and text.text in OPERATORS:
        return ["operator"]
    return kinds
