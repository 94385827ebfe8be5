"""Messages about the input, and about the use of the output."""

from .message import BLANK, Message, Row, Sizes, shape


def input_size(s: Sizes) -> Message:
    """More features than the weights have columns."""
    more, rows = s.input_size + 1, 4 * s.hidden_size
    weight = f"{s.variable}.weight_ih" + ("_l0" if s.variable == "lstm" else "")
    return Message(
        kind="RuntimeError",
        text=(f"input.size(-1) must be equal to input_size. Expected {s.input_size}, got {more}"),
        title="The input has another number of features",
        setup=f"x_wrong = x.new_zeros({s.seq_len}, {s.batch}, {more})",
        module="lstm",
        call="lstm(x_wrong)",
        rows=(
            Row(
                "given",
                "weight_ih",
                {"": BLANK, "4·hidden_size": rows, "input_size": s.input_size},
                shape(weight),
                "weight_ih",
                ("input_size",),
            ),
            Row("expected", "x", s.x(), shape("x"), "x", ("input_size",)),
            Row(
                "got",
                "x",
                s.x(input_size=more),
                shape("x_wrong"),
                "x",
                ("input_size",),
                "not input_size",
            ),
        ),
        fix=(
            "The last axis holds the features, with batch_first too. Look "
            "whether an axis was swapped, or build the module for them."
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
            Row("expected", "x", s.x(one=BLANK), shape("x"), "x"),
            Row("got", "x", s.x(one=1), shape("x_wrong"), "x", ("one",), "one too many"),
        ),
        fix=(
            "A sequence is a matrix, a batch of them has three axes. Make one "
            "axis of all features of a step: x.flatten(2)."
        ),
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
            Row("expected", "x", s.x(), shape("x"), "x", ("seq_len",)),
            Row("got", "x", s.x(seq_len=0), shape("x_wrong"), "x", ("seq_len",), "no step"),
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
            Row("expected", "x[t]", s.x(seq_len=BLANK), shape("x[0]"), "x"),
            Row("got", "x", s.x(), shape("x"), "x", ("seq_len",), "one too many"),
        ),
        fix=(
            "Loop over the steps: for x_t in x: h, c = cell(x_t, (h, c)). Or "
            "take nn.LSTM, which does it for you."
        ),
    )


def cell_input_size(s: Sizes) -> Message:
    """nn.LSTMCell is given more features than its weights have columns."""
    more, rows = s.input_size + 1, 4 * s.hidden_size
    x = {"batch": s.batch, "input_size": s.input_size}
    return Message(
        kind="RuntimeError",
        text=(f"input has inconsistent input_size: got {more} expected {s.input_size}"),
        title="The step has another number of features",
        setup=f"x_wrong = x.new_zeros({s.batch}, {more})",
        module="cell",
        call="cell(x_wrong)",
        rows=(
            Row(
                "given",
                "weight_ih",
                {"4·hidden_size": rows, "input_size": s.input_size},
                shape("cell.weight_ih"),
                "weight_ih",
                ("input_size",),
            ),
            Row("expected", "x", x, shape("x[0]"), "x", ("input_size",)),
            Row(
                "got",
                "x",
                {**x, "input_size": more},
                shape("x_wrong"),
                "x",
                ("input_size",),
                "not input_size",
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
        title="The input is of another type",
        setup=f"x_wrong = x.to(torch.{s.other_dtype})",
        module="lstm",
        call="lstm(x_wrong)",
        rows=(
            Row("expected", "x", s.x(dtype=s.dtype), shape("x"), "x", ("dtype",)),
            Row(
                "got",
                "x",
                s.x(dtype=s.other_dtype),
                shape("x_wrong"),
                "x",
                ("dtype",),
                "not as weights",
            ),
        ),
        fix=(
            "Convert the input: x.to(lstm.weight_ih_l0.dtype). NumPy makes "
            "float64, and integers want an nn.Embedding before the LSTM."
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
        is_raised=False,
        rows=(
            Row("expected", "x", s.x(dtype="float32"), shape("x"), "x", ("dtype",)),
            Row(
                "got",
                "x",
                s.x(dtype="bfloat16"),
                shape("x_wrong"),
                "x",
                ("dtype",),
                "made by autocast",
            ),
        ),
        fix=(
            'Switch autocast off around the LSTM, by torch.autocast("cpu", '
            "enabled=False), and pass x.float(). Or switch oneDNN off, by "
            "torch.backends.mkldnn.flags(enabled=False)."
        ),
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
        title="The input is on another device",
        setup='x_wrong = x.to("meta")',
        module="lstm",
        call="lstm(x_wrong)",
        rows=(
            Row("expected", "x", s.x(device="cpu"), shape("x"), "x", ("device",)),
            Row(
                "got", "x", s.x(device="meta"), shape("x_wrong"), "x", ("device",), "not as weights"
            ),
        ),
        fix="Move both to the same device: lstm.to(device), x.to(device).",
        where=("Raised here with PyTorch's meta device; with a GPU the message says cuda:0."),
    )


def output_tuple(s: Sizes) -> Message:
    """The tuple that the module returns is passed to a linear layer."""
    output = {"seq_len": s.seq_len, "batch": s.batch, "features": s.outputs}
    state = {"parts": s.parts, "batch": s.batch, "size": s.size}
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
            Row("expected", "output", output, shape("output"), "output"),
            Row("got", "(output,", output, shape("output"), "output"),
            Row(
                "got",
                " (h_n, c_n))",
                state,
                shape("h_n"),
                "h_n",
                ("parts", "batch", "size"),
                "a tuple of tensors",
            ),
        ),
        fix=(
            "Take the part that you want: output, (h_n, c_n) = lstm(x). That "
            "is why nn.LSTM does not fit into nn.Sequential."
        ),
    )


def cudnn_not_supported(s: Sizes) -> Message:
    """A transposed input, whose steps are not contiguous in memory."""
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
        is_raised=False,
        rows=(
            Row(
                "expected",
                "x.stride()",
                {**right, "input_size": 1},
                "torch.tensor(x_right.stride())[{k}]",
                "x",
                ("seq_len", "batch"),
            ),
            Row(
                "got",
                "x.stride()",
                {**wrong, "input_size": 1},
                "torch.tensor(x_wrong.stride())[{k}]",
                "x",
                ("seq_len", "batch"),
                "the other way round",
            ),
        ),
        fix=(
            "Copy what transpose or permute made: x.contiguous(). A stride is "
            "how far it is from one element to the next."
        ),
        where=(
            "Only cuDNN says this; the words are from PyTorch's source. A CPU "
            "takes the input as it is."
        ),
    )
