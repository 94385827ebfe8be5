"""Messages about the input, and about the use of the output."""

from .message import BLANK, Message, Row, Sizes, shape


def input_size(s: Sizes) -> Message:
    """More features than the weights have columns."""
    more = s.input_size + 1
    weight = f"{s.variable}.weight_ih" + ("_l0" if s.variable == "lstm" else "")
    return Message(
        kind="RuntimeError",
        text=(f"input.size(-1) must be equal to input_size. Expected {s.input_size}, got {more}"),
        title="The input has a different number of features",
        setup=f"x_wrong = x.new_zeros({s.seq_len}, {s.batch}, {more})",
        module="lstm",
        call="lstm(x_wrong)",
        rows=(
            Row(
                "given",
                "weight_ih",
                # Two axes below the three of the input.
                axes={"": BLANK, **s.weight_ih()},
                expr=shape(weight),
                term="weight_ih",
                marked_axes=("input_size",),
            ),
            Row(
                "expected", "x", axes=s.x(), expr=shape("x"), term="x", marked_axes=("input_size",)
            ),
            Row(
                "got",
                "x",
                axes=s.x(input_size=more),
                expr=shape("x_wrong"),
                term="x",
                marked_axes=("input_size",),
                remark="not input_size",
            ),
        ),
        fix=(
            "Look for a swapped axis: features come last, also with batch_first. Or change "
            "input_size."
        ),
    )


def four_axes(s: Sizes) -> Message:
    """An input with four axes."""
    return Message(
        kind="ValueError",
        text="LSTM: Expected input to be 2D or 3D, got 4D instead",
        title="The input has an axis too many",
        setup="x_wrong = x.unsqueeze(-1)",
        module="lstm",
        call="lstm(x_wrong)",
        rows=(
            Row("expected", "x", axes={**s.x(), "one": BLANK}, expr=shape("x"), term="x"),
            Row(
                "got",
                "x",
                axes={**s.x(), "one": 1},
                expr=shape("x_wrong"),
                term="x",
                marked_axes=("one",),
                remark="one too many",
            ),
        ),
        fix="Make one axis of all features of a step: x.flatten(2). A batch has three axes.",
    )


def empty_sequence(s: Sizes) -> Message:
    """A sequence without steps."""
    return Message(
        kind="RuntimeError",
        text="Expected sequence length to be larger than 0 in RNN",
        title="The sequence has no steps",
        setup="x_wrong = x[:0]",
        module="lstm",
        call="lstm(x_wrong)",
        rows=(
            Row("expected", "x", axes=s.x(), expr=shape("x"), term="x", marked_axes=("seq_len",)),
            Row(
                "got",
                "x",
                axes=s.x(seq_len=0),
                expr=shape("x_wrong"),
                term="x",
                marked_axes=("seq_len",),
                remark="no step",
            ),
        ),
        fix=(
            "Leave out what is empty. A batch of no sequences is allowed, a "
            "sequence of no steps is not."
        ),
    )


def cell_sequence(s: Sizes) -> Message:
    """nn.LSTMCell is given a whole sequence."""
    return Message(
        kind="ValueError",
        text="LSTMCell: Expected input to be 1D or 2D, got 3D instead",
        title="A cell takes one step, not a sequence",
        module="cell",
        call="cell(x)",
        rows=(
            Row("expected", "x[t]", axes=s.x(seq_len=BLANK), expr=shape("x[0]"), term="x"),
            Row(
                "got",
                "x",
                axes=s.x(),
                expr=shape("x"),
                term="x",
                marked_axes=("seq_len",),
                remark="one too many",
            ),
        ),
        fix=(
            "Loop over the steps: for x_t in x: h, c = cell(x_t, (h, c)). Or "
            "take nn.LSTM, which does it for you."
        ),
    )


def cell_input_size(s: Sizes) -> Message:
    """nn.LSTMCell is given more features than its weights have columns."""
    more = s.input_size + 1
    x = {"batch": s.batch, "input_size": s.input_size}
    return Message(
        kind="RuntimeError",
        text=(f"input has inconsistent input_size: got {more} expected {s.input_size}"),
        title="The step has a different number of features",
        setup=f"x_wrong = x.new_zeros({s.batch}, {more})",
        module="cell",
        call="cell(x_wrong)",
        rows=(
            Row(
                "given",
                "weight_ih",
                axes=s.weight_ih(),
                expr=shape("cell.weight_ih"),
                term="weight_ih",
                marked_axes=("input_size",),
            ),
            Row("expected", "x", axes=x, expr=shape("x[0]"), term="x", marked_axes=("input_size",)),
            Row(
                "got",
                "x",
                axes={**x, "input_size": more},
                expr=shape("x_wrong"),
                term="x",
                marked_axes=("input_size",),
                remark="not input_size",
            ),
        ),
        fix=("The last axis holds the features, one for each column of weight_ih."),
    )


def dtype(s: Sizes) -> Message:
    """The input has a different dtype than the weights."""
    return Message(
        kind="ValueError",
        text=(
            f"RNN input dtype (torch.{s.other_dtype}) does not match weight "
            f"dtype (torch.{s.dtype}). Convert input: "
            f"input.to(torch.{s.dtype}), or convert model: "
            f"model.to(torch.{s.other_dtype})"
        ),
        title="The input is of a different type",
        setup=f"x_wrong = x.to(torch.{s.other_dtype})",
        module="lstm",
        call="lstm(x_wrong)",
        rows=(
            Row(
                "expected",
                "x",
                axes=s.x(dtype=s.dtype),
                expr=shape("x"),
                term="x",
                marked_axes=("dtype",),
            ),
            Row(
                "got",
                "x",
                axes=s.x(dtype=s.other_dtype),
                expr=shape("x_wrong"),
                term="x",
                marked_axes=("dtype",),
                remark="not as weights",
            ),
        ),
        fix=(
            "Convert the input: x.to(lstm.weight_ih_l0.dtype). Integers need an nn.Embedding first."
        ),
    )


def autocast(s: Sizes) -> Message:
    """Autocast passes oneDNN a dtype for which it has no LSTM."""
    return Message(
        kind="RuntimeError",
        text=(
            "could not create a primitive descriptor for the LSTM forward propagation primitive. …"
        ),
        title="Autocast takes a type that oneDNN lacks here",
        setup=(
            f"lstm = torch.nn.LSTM({s.input_size}, {s.hidden_size})\n"
            "x = x.float()\nx_wrong = x.bfloat16()"
        ),
        call='torch.autocast("cpu", torch.bfloat16)(lstm)(x)',
        is_run_in_preamble=False,
        rows=(
            Row(
                "expected",
                "x",
                axes=s.x(dtype="float32"),
                expr=shape("x"),
                term="x",
                marked_axes=("dtype",),
            ),
            Row(
                "got",
                "x",
                axes=s.x(dtype="bfloat16"),
                expr=shape("x_wrong"),
                term="x",
                marked_axes=("dtype",),
                remark="made by autocast",
            ),
        ),
        fix='Use torch.autocast("cpu", enabled=False) around the LSTM, and pass x.float().',
        where=("PyTorch says it on an x86 processor without AVX-512; with AVX-512 the call runs."),
    )


def device(s: Sizes) -> Message:
    """The input is on a different device than the weights."""
    return Message(
        kind="RuntimeError",
        text=(
            "Input and parameter tensors are not at the same device, found "
            "input tensor at meta and parameter tensor at cpu"
        ),
        title="The input is on a different device",
        setup='x_wrong = x.to("meta")',
        module="lstm",
        call="lstm(x_wrong)",
        rows=(
            Row(
                "expected",
                "x",
                axes=s.x(device="cpu"),
                expr=shape("x"),
                term="x",
                marked_axes=("device",),
            ),
            Row(
                "got",
                "x",
                axes=s.x(device="meta"),
                expr=shape("x_wrong"),
                term="x",
                marked_axes=("device",),
                remark="not as weights",
            ),
        ),
        fix="Move both to the same device: lstm.to(device), x.to(device).",
        where=("Raised here with PyTorch's meta device; with a GPU the message says cuda:0."),
    )


def output_tuple(s: Sizes) -> Message:
    """The tuple that the module returns is passed to a linear layer."""
    return Message(
        kind="TypeError",
        text=("linear(): argument 'input' (position 1) must be Tensor, not tuple"),
        title="An LSTM returns more than its output",
        setup=(
            f"linear = torch.nn.Linear({s.outputs}, 1, dtype=x.dtype)\noutput, (h_n, c_n) = lstm(x)"
        ),
        module="lstm",
        call="linear(lstm(x))",
        rows=(
            Row("expected", "output", axes=s.output(), expr=shape("output"), term="output"),
            Row("got", "(output,", axes=s.output(), expr=shape("output"), term="output"),
            Row(
                "got",
                " (h_n, c_n))",
                axes=s.h(),
                expr=shape("h_n"),
                term="h_n",
                marked_axes=("parts", "batch", "size"),
                remark="a tuple of tensors",
            ),
        ),
        fix=(
            "Unpack the result: output, (h_n, c_n) = lstm(x). nn.Sequential passes the whole tuple."
        ),
    )


def cudnn_not_supported(s: Sizes) -> Message:
    """A transposed input, whose steps are not contiguous in memory."""
    # One more of each, because a transposed tensor with a single one stays contiguous.
    steps, batch = s.seq_len + 1, s.batch + 1
    right = {"seq_len": batch * s.input_size, "batch": s.input_size}
    wrong = {"seq_len": s.input_size, "batch": steps * s.input_size}
    return Message(
        kind="RuntimeError",
        text=(
            "cuDNN error: CUDNN_STATUS_NOT_SUPPORTED. This error may appear "
            "if you passed in a non-contiguous input."
        ),
        title="The input was turned, not copied",
        setup=(
            f"x_right = x.new_zeros({steps}, {batch}, {s.input_size})\n"
            "x_wrong = x_right.transpose(0, 1).contiguous().transpose(0, 1)"
        ),
        call="lstm(x_wrong)",
        is_run_in_preamble=False,
        rows=(
            Row(
                "expected",
                "x.stride()",
                axes={**right, "input_size": 1},
                expr="torch.tensor(x_right.stride())[{k}]",
                term="x",
                marked_axes=("seq_len", "batch"),
            ),
            Row(
                "got",
                "x.stride()",
                axes={**wrong, "input_size": 1},
                expr="torch.tensor(x_wrong.stride())[{k}]",
                term="x",
                marked_axes=("seq_len", "batch"),
                remark="the other way round",
            ),
        ),
        fix=(
            "Copy what transpose made: x.contiguous(). A stride is the distance between two "
            "elements."
        ),
        where=(
            "Only cuDNN says this; the words are from PyTorch's source. A CPU "
            "takes the input as it is."
        ),
    )
