"""Messages about the initial state of an LSTM."""

from .message import BLANK, Message, Row, Sizes, shape


def hidden_size(s: Sizes) -> Message:
    """`Expected hidden[0] size …`: a state for a different batch size."""
    more = s.batch + 1
    return Message(
        kind="RuntimeError",
        text=(
            f"Expected hidden[0] size ({s.parts}, {s.batch}, {s.size}), "
            f"got [{s.parts}, {more}, {s.size}]"
        ),
        title="The state is for a different batch",
        setup=(
            f"h_0_wrong = x.new_zeros({s.parts}, {more}, {s.size})\n"
            f"c_0_wrong = x.new_zeros({s.parts}, {more}, {s.hidden_size})"
        ),
        module="lstm",
        call="lstm(x, (h_0_wrong, c_0_wrong))",
        rows=(
            Row("given", "x", axes=s.x(), expr=shape("x"), term="x", marked_axes=("batch",)),
            Row(
                "expected",
                "h_0",
                axes=s.h(),
                expr=shape("h_0"),
                term="h_prev",
                marked_axes=("batch",),
            ),
            Row(
                "got",
                "h_0",
                axes=s.h(batch=more),
                expr=shape("h_0_wrong"),
                term="h_prev",
                marked_axes=("batch",),
                remark="not the batch of x",
            ),
        ),
        fix=(
            "Make a state for each batch: the last is often smaller. Its second axis is always "
            "the batch."
        ),
    )


def cell_state(s: Sizes) -> Message:
    """A cell state whose length is not hidden_size."""
    more = s.hidden_size + 1
    return Message(
        kind="RuntimeError",
        text=(
            f"Expected hidden[1] size ({s.parts}, {s.batch}, "
            f"{s.hidden_size}), got [{s.parts}, {s.batch}, {more}]"
        ),
        title="The cell state has a different length",
        setup=f"c_0_wrong = x.new_zeros({s.parts}, {s.batch}, {more})",
        module="lstm",
        call="lstm(x, (h_0, c_0_wrong))",
        rows=(
            Row("given", "h_0", axes=s.h(), expr=shape("h_0"), term="h_prev"),
            Row(
                "expected",
                "c_0",
                axes=s.c(),
                expr=shape("c_0"),
                term="c_prev",
                marked_axes=("hidden_size",),
            ),
            Row(
                "got",
                "c_0",
                axes=s.c(hidden_size=more),
                expr=shape("c_0_wrong"),
                term="c_prev",
                marked_axes=("hidden_size",),
                remark="not hidden_size",
            ),
        ),
        fix="hidden[0] is h, hidden[1] is c. c has hidden_size numbers; only h may have proj_size.",
    )


def batched_hx(s: Sizes) -> Message:
    """A state without the axis of layers."""
    return Message(
        kind="RuntimeError",
        text=("For batched 3-D input, hx and cx should also be 3-D but got (2-D, 2-D) tensors"),
        title="The state lacks an axis",
        setup=(
            f"h_0_wrong = x.new_zeros({s.batch}, {s.size})\n"
            f"c_0_wrong = x.new_zeros({s.batch}, {s.hidden_size})"
        ),
        module="lstm",
        call="lstm(x, (h_0_wrong, c_0_wrong))",
        rows=(
            Row("given", "x", axes=s.x(), expr=shape("x"), term="x"),
            Row(
                "expected",
                "h_0",
                axes=s.h(),
                expr=shape("h_0"),
                term="h_prev",
                marked_axes=("parts",),
            ),
            Row(
                "got",
                "h_0",
                axes=s.h(parts=None),
                expr=shape("h_0_wrong"),
                term="h_prev",
                marked_axes=("parts",),
                remark="missing",
            ),
        ),
        fix="Add an axis for layers and directions: h.unsqueeze(0). Only nn.LSTMCell wants none.",
    )


def unbatched_hx(s: Sizes) -> Message:
    """A state with a batch axis, for an input without one."""
    return Message(
        kind="RuntimeError",
        text=("For unbatched 2-D input, hx and cx should also be 2-D but got (3-D, 3-D) tensors"),
        title="The input has no batch, the state has one",
        setup=(
            "x_wrong = x[:, 0]\n"
            f"h_0_wrong = x.new_zeros({s.parts}, 1, {s.size})\n"
            f"c_0_wrong = x.new_zeros({s.parts}, 1, {s.hidden_size})\n"
            "h_right = h_0_wrong[:, 0]"
        ),
        module="lstm",
        call="lstm(x_wrong, (h_0_wrong, c_0_wrong))",
        rows=(
            Row("given", "x", axes=s.x(batch=BLANK), expr=shape("x_wrong"), term="x"),
            Row("expected", "h_0", axes=s.h(batch=BLANK), expr=shape("h_right"), term="h_prev"),
            Row(
                "got",
                "h_0",
                axes=s.h(batch=1),
                expr=shape("h_0_wrong"),
                term="h_prev",
                marked_axes=("batch",),
                remark="one too many",
            ),
        ),
        fix="Give both a batch, x.unsqueeze(1), or neither, h[:, 0]. Two axes are one sequence.",
    )


def h_alone(s: Sizes) -> Message:
    """nn.LSTM is called with h alone."""
    h = {"parts": 1, "batch": s.batch, "hidden_size": s.hidden_size}
    zeros = f"x.new_zeros(1, {s.batch}, {s.hidden_size})"
    return Message(
        kind="IndexError",
        text="index 1 is out of bounds for dimension 0 with size 1",
        title="nn.LSTM is given h without c",
        setup=(
            f"lstm = torch.nn.LSTM({s.input_size}, {s.hidden_size}, "
            f"dtype=x.dtype)\nh = c_first = {zeros}"
        ),
        call="lstm(x, h)",
        rows=(
            Row("expected", "(h,", axes=h, expr=shape("h"), term="h_prev"),
            Row("expected", " c)", axes=h, expr=shape("c_first"), term="c_prev"),
            Row(
                "got",
                "h",
                axes=h,
                expr=shape("h"),
                term="h_prev",
                marked_axes=("parts",),
                remark="taken apart: h[0] is h, h[1] is c",
            ),
        ),
        fix=(
            "Pass both as a tuple: lstm(x, (h, c)). With two layers, the message is about "
            "3-D states."
        ),
    )


def cell_h_alone(s: Sizes) -> Message:
    """nn.LSTMCell is called with h alone."""
    h = {"batch": s.batch, "hidden_size": s.hidden_size}
    return Message(
        kind="TypeError",
        text=("lstm_cell(): argument 'hx' (position 2) must be tuple of Tensors, not Tensor"),
        title="nn.LSTMCell is given h without c",
        setup=f"h = c_first = x.new_zeros({s.batch}, {s.hidden_size})",
        module="cell",
        call="cell(x[0], h)",
        rows=(
            Row("expected", "(h,", axes=h, expr=shape("h"), term="h_prev"),
            Row("expected", " c)", axes=h, expr=shape("c_first"), term="c_prev"),
            Row(
                "got",
                "h",
                axes=h,
                expr=shape("h"),
                term="h_prev",
                marked_axes=("batch", "hidden_size"),
                remark="a tensor, not a tuple",
            ),
        ),
        fix=("Pass both as a tuple: cell(x, (h, c)). nn.GRUCell and nn.RNNCell take h alone."),
    )


def cell_batch(s: Sizes) -> Message:
    """nn.LSTMCell is called with a state for a different batch size."""
    more = s.batch + 1
    h = {"batch": s.batch, "hidden_size": s.hidden_size}
    return Message(
        kind="RuntimeError",
        text=(f"Input batch size {s.batch} doesn't match hidden0 batch size {more}"),
        title="The state of the cell is for a different batch",
        setup=(
            f"h = x.new_zeros({s.batch}, {s.hidden_size})\n"
            f"h_wrong = c_wrong = x.new_zeros({more}, {s.hidden_size})"
        ),
        module="cell",
        call="cell(x[0], (h_wrong, c_wrong))",
        rows=(
            Row(
                "given",
                "x[0]",
                axes={"batch": s.batch, "input_size": s.input_size},
                expr=shape("x[0]"),
                term="x",
                marked_axes=("batch",),
            ),
            Row("expected", "h", axes=h, expr=shape("h"), term="h_prev", marked_axes=("batch",)),
            Row(
                "got",
                "h",
                axes={**h, "batch": more},
                expr=shape("h_wrong"),
                term="h_prev",
                marked_axes=("batch",),
                remark="not the batch of x",
            ),
        ),
        fix=("Make the state for the batch at hand: x.new_zeros(len(x), cell.hidden_size)."),
    )


def hx_contiguous(s: Sizes) -> Message:
    """A state that is expanded, not copied, which cuDNN does not accept."""
    more = s.batch + 1
    axes = {"parts": more * s.size, "batch": s.size, "size": 1}
    return Message(
        kind="RuntimeError",
        text="rnn: hx is not contiguous",
        title="The state is one row, repeated",
        setup=(
            f"h_0_wrong = x.new_zeros({s.parts}, 1, {s.size})"
            f".expand(-1, {more}, -1)\n"
            "h_right = h_0_wrong.contiguous()"
        ),
        call="lstm(x, (h_0_wrong, c_0_wrong))",
        is_run_in_preamble=False,
        rows=(
            Row(
                "expected",
                "h.stride()",
                axes=axes,
                expr="torch.tensor(h_right.stride())[{k}]",
                term="h_prev",
                marked_axes=("batch",),
            ),
            Row(
                "got",
                "h.stride()",
                axes={**axes, "parts": s.size, "batch": 0},
                expr="torch.tensor(h_0_wrong.stride())[{k}]",
                term="h_prev",
                marked_axes=("batch",),
                remark="the same numbers again",
            ),
        ),
        fix="Copy what expand made: h.contiguous(). A stride is the distance between two elements.",
        where=(
            "Only cuDNN says this; the words are from PyTorch's source. A CPU "
            "takes the state as it is."
        ),
    )
