"""Counts, shapes and lists for sentences in HTML."""


def paragraphs(*texts: str) -> str:
    """Sentences as paragraphs."""
    return "\n".join(f"<p>{text}</p>" for text in texts)


def bullets(texts: list[str]) -> str:
    """Texts as a list."""
    items = "\n".join(f"<li>{text}</li>" for text in texts)
    return f"\n<ul>\n{items}\n</ul>"


def count(number: int, noun: str) -> str:
    """A number with its noun."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def span(first: int, last: int) -> str:
    """A range of row indices, or one index."""
    return f"row {first}" if first == last else f"rows {first} to {last}"


def shape(array: object) -> str:
    """The shape of an array."""
    return str(tuple(getattr(array, "shape", ())))


def lower(sentence: str) -> str:
    """A sentence without its capital letter and full stop, to be part of another."""
    return sentence[0].lower() + sentence.rstrip(".")[1:]
