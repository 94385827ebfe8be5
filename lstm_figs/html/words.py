"""Counts, shapes and lists, as the HTML of a sentence."""


def paragraphs(*texts: str) -> str:
    """Sentences as paragraphs."""
    return "\n".join(f"<p>{text}</p>" for text in texts)


def bullets(texts: list[str]) -> str:
    """Texts as a list."""
    items = "\n".join(f"<li>{text}</li>" for text in texts)
    return f"\n<ul>\n{items}\n</ul>"


def count(number: int, noun: str) -> str:
    """A number and its noun."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def span(first: int, last: int) -> str:
    """One row or several, by their indices."""
    return f"row {first}" if first == last else f"rows {first} to {last}"


def shape(array: object) -> str:
    """The shape of an array."""
    return str(tuple(getattr(array, "shape", ())))


def lower(sentence: str) -> str:
    """A sentence as a part of another."""
    return sentence[0].lower() + sentence.rstrip(".")[1:]
