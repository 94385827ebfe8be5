"""Deliberate faults of `cheat-sheet`, which its tests must find."""

from lstm_figs.sheets import cheat_sheet
from lstm_figs.sheets.cheat_sheet import LETTERS
from tests.binding.breaking import RECORDED, Fault, wrapped

WIDTHS = (720,)


def letters_exchanged(**exchanged):
    """A patch that gives axes the letters of others."""

    def patch(monkeypatch):
        for key, value in exchanged.items():
            monkeypatch.setitem(LETTERS, key, value)

    return patch


def not_batch_first(sizes, form, seq_len, batch, batch_first=False):
    return sizes(form, seq_len, batch)


def words_exchanged(name, old, new):
    """A patch that replaces words in the lines of a part."""

    def patch(monkeypatch):
        lines = getattr(cheat_sheet, name)
        assert any(old in text for line in lines for text in line)
        monkeypatch.setattr(
            cheat_sheet,
            name,
            tuple(tuple(text.replace(old, new) for text in line) for line in lines),
        )

    return patch


def wider(piece, *arguments, **more):
    """The text on the right leaves its column."""
    built = piece(*arguments, **more)
    return built._replace(x=built.x + 12) if built.x > 200 else built


FAULTS = {
    "steps and sequences exchanged": Fault(
        ["cheat-sheet"],
        letters_exchanged(seq_len="N", batch="T"),
        "says .* for lettered",
        widths=WIDTHS,
    ),
    "a projection that leaves h as it is": Fault(
        ["cheat-sheet"], letters_exchanged(proj_size="H"), "says .* for lettered", widths=WIDTHS
    ),
    "batch_first that swaps nothing": Fault(
        ["cheat-sheet"],
        wrapped(cheat_sheet, "Sizes", not_batch_first),
        "says .* for lettered",
        widths=WIDTHS,
    ),
    "two gates exchanged in the step": Fault(
        ["cheat-sheet"],
        words_exchanged("STEP_CODE", "f * c_prev + i * g", "i * c_prev + f * g"),
        "templates.txt",
        widths=WIDTHS,
    ),
    "h_n and c_n exchanged": Fault(
        ["cheat-sheet"],
        words_exchanged("RETURNED", "the last h of", "the last c of"),
        "templates.txt",
        widths=WIDTHS,
    ),
    "what is wider than its part": Fault(
        ["cheat-sheet"], wrapped(cheat_sheet, "Piece", wider), RECORDED, widths=WIDTHS
    ),
}
