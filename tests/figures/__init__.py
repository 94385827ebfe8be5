"""What tests ask of a figure."""

from lstm_figs.scene.marks import Text, walk


def texts(figure):
    return [m.content for m in walk(figure.sheet.marks) if isinstance(m, Text)]


def values(figure):
    return {n.id: n.number.value.item() for n in figure.numbers()}


def marks_by_id(figure):
    return {m.id: m for m in walk(figure.sheet.marks) if m.id}


def run_preamble(figure, **names):
    exec(figure.metadata["preamble"], names)
    return names
