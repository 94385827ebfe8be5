"""Messages about the module: its arguments, its weights, its gradients."""

from .message import Axes, Message, Row, Sizes, shape


def proj_size(s: Sizes) -> Message:
    """A proj_size that is not smaller than hidden_size."""
    size = s.hidden_size
    hidden_size = f"{s.variable}.hidden_size"
    return Message(
        kind="ValueError",
        text="proj_size has to be smaller than hidden_size",
        title="The projection does not make h shorter",
        call=f"torch.nn.LSTM({s.input_size}, {size}, proj_size={size})",
        rows=(
            Row(
                "given",
                "hidden_size",
                axes={"units": size},
                expr=f"torch.tensor({hidden_size})",
                term="c",
            ),
            Row(
                "expected",
                "proj_size",
                axes={"units": size - 1},
                expr=f"torch.tensor({hidden_size} - 1)",
                term="h",
                marked_axes=("units",),
                remark="or less; 0 is none",
            ),
            Row(
                "got",
                "proj_size",
                axes={"units": size},
                expr=f"torch.tensor({hidden_size})",
                term="h",
                marked_axes=("units",),
                remark="not smaller",
            ),
        ),
        fix="Choose a smaller proj_size, or leave it out.",
    )


def dropout(s: Sizes) -> Message:
    """Dropout in an LSTM with one layer."""
    sizes = f"{s.input_size}, {s.hidden_size}"
    return Message(
        kind="UserWarning",
        text=(
            "dropout option adds dropout after all but last recurrent layer, "
            "so non-zero dropout expects num_layers greater than 1, but got "
            "dropout=0.5 and num_layers=1"
        ),
        title="One layer has no place for dropout",
        setup=(f"two = torch.nn.LSTM({sizes}, num_layers=2, dropout=0.5)\np = two.dropout"),
        call=f"torch.nn.LSTM({sizes}, dropout=p)",
        rows=(
            Row(
                "expected",
                "num_layers",
                axes={"layers": 2},
                expr="torch.tensor(two.num_layers)",
                term="h",
                marked_axes=("layers",),
                remark="or more",
            ),
            Row(
                "got",
                "num_layers",
                axes={"layers": 1},
                expr="torch.tensor(two.num_layers - 1)",
                term="h",
                marked_axes=("layers",),
                remark="nothing between layers",
            ),
        ),
        fix=(
            "Put an nn.Dropout after the LSTM, or take two layers. The "
            "output is the same with and without it."
        ),
    )


def projection(s: Sizes) -> Message:
    """A projection is run by PyTorch's own code."""
    # A projection to one number needs at least two units.
    size = max(2, s.hidden_size)
    return Message(
        kind="UserWarning",
        text=("LSTM with projections is not supported with oneDNN. Using default implementation."),
        title="A projection takes the slower way",
        setup=f"projected = torch.nn.LSTM({s.input_size}, {size}, proj_size=1)",
        call="projected(x)",
        is_run_in_preamble=False,
        rows=(
            Row(
                "given",
                "weight_hr",
                axes={"proj_size": 1, "hidden_size": size, "run by": "native"},
                expr=shape("projected.weight_hr_l0"),
                term="h",
                marked_axes=("run by",),
                remark="not by oneDNN",
            ),
        ),
        fix="Nothing is wrong: results are the same, only slower. PyTorch warns once in a process.",
    )


def backward_twice(s: Sizes) -> Message:
    """A second backward pass through a graph that was freed."""
    return Message(
        kind="RuntimeError",
        text=(
            "Trying to backward through the graph a second time (or directly "
            "access saved tensors after they have already been freed). Saved "
            "intermediate values of the graph are freed when you call "
            ".backward() or autograd.grad(). Specify retain_graph=True if you "
            "need to backward through the graph a second time or if you need "
            "to access saved tensors after calling backward."
        ),
        title="The first backward has freed the graph",
        setup="output, _ = lstm(x)\noutput.sum().backward()",
        module="lstm",
        call="output.sum().backward()",
        rows=(
            Row(
                "given",
                "1st backward",
                axes=s.output(graph="freed"),
                expr=shape("output"),
                term="output",
            ),
            Row(
                "expected",
                "2nd backward",
                axes=s.output(graph="a new one"),
                expr=shape("output"),
                term="output",
                marked_axes=("graph",),
            ),
            Row(
                "got",
                "2nd backward",
                axes=s.output(graph="freed"),
                expr=shape("output"),
                term="output",
                marked_axes=("graph",),
                remark="gone",
            ),
        ),
        fix="Run the module again before each backward, and detach: (h.detach(), c.detach()).",
    )


def modified_inplace(s: Sizes) -> Message:
    """A backward pass through weights that the optimizer changed meanwhile."""
    # For a single step, PyTorch's native code saves no weight for backward.
    x = "x" if s.seq_len > 1 else "x.repeat(2, 1, 1)"
    # The shape of the weight, and how often it changed between `read` and a version {0}.
    counted = "torch.tensor([*weight.shape, {0} - read])[{{k}}]"
    return Message(
        kind="RuntimeError",
        text=(
            "one of the variables needed for gradient computation has been "
            "modified by an inplace operation: … is at version …; expected "
            "version … instead. Hint: …"
        ),
        title="The optimizer has changed the weights",
        setup=(
            "weight = lstm.weight_ih_l0\n"
            f"first, state = lstm({x})\n"
            "read = weight._version\n"
            "first.sum().backward(retain_graph=True)\n"
            "before = weight._version\n"
            "torch.optim.SGD(lstm.parameters(), lr=0.1).step()\n"
            "after = weight._version\n"
            "second, _ = lstm(x, state)"
        ),
        module="lstm",
        call="second.sum().backward()",
        rows=(
            Row(
                "expected",
                "weight_ih",
                axes=s.weight_ih(changes=0),
                expr=counted.format("before"),
                term="weight_ih",
                marked_axes=("changes",),
            ),
            Row(
                "got",
                "weight_ih",
                axes=s.weight_ih(changes=1),
                expr=counted.format("after"),
                term="weight_ih",
                marked_axes=("changes",),
                remark="optimizer.step()",
            ),
        ),
        fix="Detach the state: (h.detach(), c.detach()). retain_graph=True keeps no old weights.",
    )


def cudnn_eval(s: Sizes) -> Message:
    """A backward pass through cuDNN's LSTM after eval()."""
    return Message(
        kind="RuntimeError",
        text="cudnn RNN backward can only be called in training mode",
        title="cuDNN keeps nothing for backward in eval mode",
        setup="output, _ = lstm(x)",
        module="lstm",
        call="lstm.eval()(x)[0].sum().backward()",
        is_run_in_preamble=False,
        rows=(
            Row(
                "expected",
                "output",
                axes=s.output(training="True"),
                expr=shape("output"),
                term="output",
                marked_axes=("training",),
            ),
            Row(
                "got",
                "output",
                axes=s.output(training="False"),
                expr=shape("output"),
                term="output",
                marked_axes=("training",),
                remark="eval()",
            ),
        ),
        fix="Call lstm.train(), and set lstm.dropout = 0 to stay without dropout.",
        where=(
            "Only cuDNN says this; the words are from PyTorch's source. On a "
            "CPU the gradient is computed."
        ),
    )


def missing_keys(s: Sizes) -> Message:
    """The state dict of a cell, loaded into an nn.LSTM."""
    names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    missing, unexpected = (
        ", ".join(f'"{name}{suffix}"' for name in names) for suffix in ("_l0", "")
    )
    arguments = f"({s.input_size}, {s.hidden_size})"
    return Message(
        kind="RuntimeError",
        text=(
            "Error(s) in loading state_dict for LSTM:\n\tMissing key(s) in "
            f"state_dict: {missing}. \n\tUnexpected key(s) in state_dict: "
            f"{unexpected}. "
        ),
        title="The weights have other names",
        setup=(f"from_cell = torch.nn.LSTMCell{arguments}\nto_lstm = torch.nn.LSTM{arguments}"),
        call="to_lstm.load_state_dict(from_cell.state_dict())",
        rows=(
            Row(
                "expected",
                "weight_ih_l0",
                axes=s.weight_ih(suffix="_l0"),
                expr=shape("to_lstm.weight_ih_l0"),
                term="weight_ih",
                marked_axes=("suffix",),
            ),
            Row(
                "got",
                "weight_ih",
                axes=s.weight_ih(suffix=None),
                expr=shape("from_cell.weight_ih"),
                term="weight_ih",
                marked_axes=("suffix",),
                remark="no layer",
            ),
        ),
        fix=(
            "The tensors are the same, so rename them: "
            '{f"{k}_l0": v for k, v in cell.state_dict().items()}.'
        ),
    )


def size_mismatch(s: Sizes) -> Message:
    """The state dict of an LSTM with a different number of units."""
    more = s.hidden_size + 1
    tensors = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")

    def shapes(units: int) -> list[tuple[int, ...]]:
        """Return the shapes of these tensors for a number of units."""
        rows = 4 * units
        return [(rows, s.input_size), (rows, units), (rows,), (rows,)]

    mismatches = "".join(
        f"\n\tsize mismatch for {name}_l0: copying a param with shape "
        f"torch.Size({[*saved]}) from checkpoint, the shape in current model "
        f"is torch.Size({[*current]})."
        for name, saved, current in zip(tensors, shapes(more), shapes(s.hidden_size), strict=True)
    )
    return Message(
        kind="RuntimeError",
        text=f"Error(s) in loading state_dict for LSTM:{mismatches}",
        title="The weights are those of an LSTM with other sizes",
        setup=(
            f"saved = torch.nn.LSTM({s.input_size}, {more})\n"
            f"built = torch.nn.LSTM({s.input_size}, {s.hidden_size})"
        ),
        call="built.load_state_dict(saved.state_dict())",
        rows=(
            Row(
                "expected",
                "weight_ih_l0",
                axes=s.weight_ih(),
                expr=shape("built.weight_ih_l0"),
                term="weight_ih",
                marked_axes=("4·hidden_size",),
            ),
            Row(
                "got",
                "weight_ih_l0",
                axes={**s.weight_ih(), "4·hidden_size": 4 * more},
                expr=shape("saved.weight_ih_l0"),
                term="weight_ih",
                marked_axes=("4·hidden_size",),
                remark="more units",
            ),
        ),
        fix=(
            "Build it with the sizes of the file: weight_ih_l0 has 4·hidden_size rows, "
            "input_size columns."
        ),
    )


def contiguous_chunk(s: Sizes) -> Message:
    """Weights that are not in one piece of memory."""
    rows = 4 * s.hidden_size
    tensors: Axes = {"weight_ih": rows * s.input_size, "weight_hh": rows * s.size}
    suffix = "_l0" if s.variable == "lstm" else ""
    # Both rows have the same sizes; only their places in memory differ.
    expr = (
        f"torch.tensor([p.numel() for p in ({s.variable}.weight_ih{suffix}, "
        f"{s.variable}.weight_hh{suffix})])[{{k}}]"
    )
    return Message(
        kind="UserWarning",
        text=(
            "RNN module weights are not part of single contiguous chunk of "
            "memory. This means they need to be compacted at every call, "
            "possibly greatly increasing memory usage. To compact weights "
            "again call flatten_parameters()."
        ),
        title="The weights are scattered in memory",
        call="lstm(x)",
        is_run_in_preamble=False,
        rows=(
            Row(
                "expected",
                "one buffer",
                axes={**tensors, "and so on": "…"},
                expr=expr,
                term="weight_ih weight_hh",
                is_joined=True,
            ),
            Row(
                "got",
                "scattered",
                axes={**tensors, "and so on": "…"},
                expr=expr,
                term="weight_ih weight_hh",
                marked_axes=("weight_ih", "weight_hh", "and so on"),
                remark="in places of their own",
            ),
        ),
        fix=(
            "Call lstm.flatten_parameters() in forward, after the module was "
            "copied, moved or replicated."
        ),
        where=(
            "Only cuDNN says this; the words are from PyTorch's source. On a "
            "CPU the call does nothing."
        ),
    )
