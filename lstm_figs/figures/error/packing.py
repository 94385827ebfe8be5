"""Messages about packed sequences."""

from .message import BLANK, Message, Row, Sizes, shape

PACK = "torch.nn.utils.rnn.pack_padded_sequence"
"""The function that packs sequences."""


def _lengths(first: int, second: int) -> dict[str, int | str | None]:
    """Return the lengths of two sequences as axes."""
    return {"sequence 0": first, "sequence 1": second}


def _padding_code(s: Sizes) -> str:
    """Return the code for two padded sequences with one step more than the input."""
    return f"padded = x.new_zeros({s.seq_len + 1}, 2, {s.input_size})\n"


def unsorted_lengths(s: Sizes) -> Message:
    """A longer sequence after a shorter one, without enforce_sorted=False."""
    short, long = s.seq_len, s.seq_len + 1
    return Message(
        kind="RuntimeError",
        text=(
            "`lengths` array must be sorted in decreasing order when "
            "`enforce_sorted` is True. You can pass `enforce_sorted=False` to "
            "pack_padded_sequence and/or pack_sequence to sidestep this "
            "requirement if you do not need ONNX exportability."
        ),
        title="A longer sequence comes after a shorter one",
        setup=(
            f"{_padding_code(s)}lengths = torch.tensor([{short}, {long}])\n"
            "right = lengths.sort(descending=True).values"
        ),
        call=f"{PACK}(padded, lengths)",
        rows=(
            Row("expected", "lengths", axes=_lengths(long, short), expr="right[{k}]", term="x"),
            Row(
                "got",
                "lengths",
                axes=_lengths(short, long),
                expr="lengths[{k}]",
                term="x",
                marked_axes=("sequence 1",),
                remark="longer",
            ),
        ),
        fix="Pass enforce_sorted=False: PyTorch then sorts, and returns results in your order.",
    )


def zero_length(s: Sizes) -> Message:
    """A sequence without steps in a batch."""
    long = s.seq_len + 1
    return Message(
        kind="RuntimeError",
        text=(
            "Length of all samples has to be greater than 0, but found an "
            "element in 'lengths' that is <= 0"
        ),
        title="A sequence has no steps",
        setup=(
            f"{_padding_code(s)}lengths = torch.tensor([{long}, 0])\nright = lengths.clamp(min=1)"
        ),
        call=f"{PACK}(padded, lengths)",
        rows=(
            Row(
                "expected",
                "lengths",
                axes=_lengths(long, 1),
                expr="right[{k}]",
                term="x",
                marked_axes=("sequence 1",),
                remark="1 or more",
            ),
            Row(
                "got",
                "lengths",
                axes=_lengths(long, 0),
                expr="lengths[{k}]",
                term="x",
                marked_axes=("sequence 1",),
                remark="no step",
            ),
        ),
        fix=("Leave out what is empty, or give it one step of padding and ignore its result."),
    )


def lengths_count(s: Sizes) -> Message:
    """More lengths than sequences."""
    more = s.batch + 1
    return Message(
        kind="RuntimeError",
        text=(
            "Expected `len(lengths)` to be equal to batch_size, but got "
            f"{more} (batch_size={s.batch})"
        ),
        title="Not one length for each sequence",
        setup=(f"lengths = torch.full(({more},), {s.seq_len})\nright = lengths[:{s.batch}]"),
        call=f"{PACK}(x, lengths)",
        rows=(
            Row("given", "x", axes=s.x(), expr=shape("x"), term="x", marked_axes=("batch",)),
            Row(
                "expected",
                "lengths",
                axes={"": BLANK, "batch": s.batch},
                expr=shape("right"),
                term="x",
                marked_axes=("batch",),
            ),
            Row(
                "got",
                "lengths",
                axes={"": BLANK, "batch": more},
                expr=shape("lengths"),
                term="x",
                marked_axes=("batch",),
                remark="not the batch of x",
            ),
        ),
        fix=(
            "Give one length for each sequence. Where the batch is the first "
            "axis, pass batch_first=True here too."
        ),
    )


def lengths_device(s: Sizes) -> Message:
    """Lengths that are not on the CPU."""
    long, short = s.seq_len + 1, s.seq_len
    return Message(
        kind="RuntimeError",
        text=("'lengths' argument should be a 1D CPU int64 tensor, but got 1D meta Long tensor"),
        title="The lengths are not on the CPU",
        setup=(
            f'{_padding_code(s)}right = torch.tensor([{long}, {short}])\nlengths = right.to("meta")'
        ),
        call=f"{PACK}(padded, lengths)",
        rows=(
            Row(
                "expected",
                "lengths",
                axes={**_lengths(long, short), "device": "cpu"},
                expr="right[{k}]",
                term="x",
                marked_axes=("device",),
            ),
            Row(
                "got",
                "lengths",
                axes={"sequence 0": "?", "sequence 1": "?", "device": "meta"},
                expr="lengths[{k}]",
                term="x",
                marked_axes=("device",),
                remark="not the CPU",
            ),
        ),
        fix=("Keep lengths on the CPU, lengths.cpu(), while the input is on the GPU."),
        where=("Raised here with PyTorch's meta device; with a GPU the message says cuda:0."),
    )
