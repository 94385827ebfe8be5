"""Messages about the loss and its gradients."""

from .message import Message, Row, Sizes, shape


def target_size(s: Sizes) -> Message:
    """Classes on the last axis, although the loss expects them on axis 1."""
    # A number that differs from that of the steps.
    classes = s.seq_len + 2
    target_axes = {"batch": s.batch, "seq_len": s.seq_len}
    return Message(
        kind="RuntimeError",
        text=(f"Expected target size [{s.batch}, {classes}], got [{s.batch}, {s.seq_len}]"),
        title="cross_entropy takes steps for classes",
        setup=(
            f"logits = torch.zeros({s.batch}, {s.seq_len}, {classes})\n"
            f"targets = torch.zeros({s.batch}, {s.seq_len}, dtype=torch.long)\n"
            "right = logits.transpose(1, 2)"
        ),
        call="torch.nn.functional.cross_entropy(logits, targets)",
        rows=(
            Row("given", "targets", axes=target_axes, expr=shape("targets"), term="output"),
            Row(
                "expected",
                "logits",
                axes={"batch": s.batch, "classes": classes, "seq_len": s.seq_len},
                expr=shape("right"),
                term="output",
                marked_axes=("classes",),
            ),
            Row(
                "got",
                "logits",
                axes={**target_axes, "classes": classes},
                expr=shape("logits"),
                term="output",
                marked_axes=("seq_len",),
                remark="not the classes",
            ),
        ),
        fix=(
            "Make steps and batch one axis: cross_entropy(logits.flatten(0, 1), targets.flatten())."
        ),
    )


def nonfinite_norm(s: Sizes) -> Message:
    """Gradients that are NaN because one number of the input is NaN."""
    numbers = s.seq_len * s.batch * s.input_size
    # For a tensor {0}: how many numbers it has, and how many of them are finite.
    counted = "torch.tensor([{0}.numel(), {0}.isfinite().sum()])[{{k}}]"
    return Message(
        kind="RuntimeError",
        text=(
            "The total norm of order 2.0 for gradients from `parameters` is "
            "non-finite, so it cannot be clipped. To disable this error and "
            "scale the gradients by the non-finite norm anyway, set "
            "`error_if_nonfinite=False`"
        ),
        title="One number of the input was NaN",
        setup=(
            "x_wrong = x.clone()\n"
            'x_wrong.view(-1)[-1] = float("nan")\n'
            "lstm(x_wrong)[0].sum().backward()\n"
            "parameters = [*lstm.parameters()]"
        ),
        module="lstm",
        call=("torch.nn.utils.clip_grad_norm_(parameters, 1, error_if_nonfinite=True)"),
        rows=(
            Row(
                "expected",
                "x",
                axes={"numbers": numbers, "finite": numbers},
                expr=counted.format("x"),
                term="x",
                marked_axes=("finite",),
            ),
            Row(
                "got",
                "x",
                axes={"numbers": numbers, "finite": numbers - 1},
                expr=counted.format("x_wrong"),
                term="x",
                marked_axes=("finite",),
                remark="one is NaN",
            ),
        ),
        fix=(
            "Look for what is not finite, first in the data, then in the "
            "loss, then in the weights: torch.isfinite(x).all()."
        ),
    )
