"""What `layers` quotes."""

import warnings

import torch

from tests.site.facts.common import drawn, module, session
from tests.site.quoting import asked, figure


def deep(**options):
    """A module of two layers that drops all there is to drop."""
    return module(3, 2, num_layers=2, dropout=1.0, **options)


def drops_what_is_handed_up_alone() -> bool:
    """Whether the upper layer reads zeros, and all else stays as it is."""
    lstm, x = deep(), drawn(4, 5, 3)
    lower, upper = torch.nn.LSTM(3, 2), torch.nn.LSTM(2, 2)
    for layer, one in enumerate((lower, upper)):
        one.load_state_dict(
            {
                name.replace(f"_l{layer}", "_l0"): tensor
                for name, tensor in lstm.state_dict().items()
                if name.endswith(f"_l{layer}")
            }
        )
    output, (h_n, c_n) = lstm(x)
    below, (h, c) = lower(x)
    above, _ = upper(torch.zeros_like(below))
    return all(
        torch.allclose(*pair, atol=1e-6)
        for pair in ((output, above), (h_n[0], h[0]), (c_n[0], c[0]))
    )


def is_another_mask_at_every_step() -> bool:
    """Whether steps that would be equal differ, and calls as well."""
    lstm = module(3, 9, num_layers=2, dropout=0.5)
    with torch.no_grad():
        # The upper layer shows what it reads; no layer remembers.
        for name, parameter in lstm.named_parameters():
            if "hh" in name or name.startswith("weight_ih_l1"):
                parameter.zero_()
            if name.startswith("bias"):
                parameter[9:18] = -50
        lstm.weight_ih_l1[18:27] = torch.eye(9)
    x = torch.ones(2, 1, 3)
    (one, two), (three, _) = lstm(x)[0], lstm(x)[0]
    return not torch.allclose(one, two) and not torch.allclose(one, three)


def warns_when_it_is_made() -> bool:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        one = module(3, 2, dropout=0.9)
    made = len(caught)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        same = torch.equal(one(drawn(4, 3))[0], module(3, 2)(drawn(4, 3))[0])
    return made == 1 and len(caught) == 0 and same


def feels(distance: int) -> list[int]:
    """The steps that feel the first one in a dilated layer."""
    dilated = session("layers")["dilated"]
    lstm, x = module(3, 2), drawn(12, 2, 3).requires_grad_()
    every = [
        torch.autograd.grad(step.sum(), x, retain_graph=True)[0][0].any()
        for step in dilated(lstm, x, distance)
    ]
    return [step for step, felt in enumerate(every) if felt]


FACTS = (
    *figure(
        ("what {:word} modules compute in a chain", "len(outputs)"),
        (
            "Each layer is an LSTM that reads the h of the layer below, step "
            "by step.",
            "lstm.weight_ih_l1.shape[1] == outputs[0].shape[2]",
        ),
        (
            "The module does not return what the first layer gave at each "
            "step.",
            "torch.equal(output, outputs[1])",
            "not torch.equal(output, outputs[0])",
        ),
        (
            "becomes {:.0f} with probability p",
            "torch.nn.functional.dropout(torch.ones(99), 0.5).min()",
        ),
    ),
    *asked(
        (
            "Separate modules do, and they can have different sizes",
            lambda: (
                torch.nn.LSTM(2, 7)(module(3, 2)(drawn(4, 5, 3))[0])[0].shape
                == (4, 5, 7)
            ),
        ),
        (
            "The others are divided by `1 - p`, so that the mean stays the "
            "same.",
            lambda: (
                (
                    torch.nn.functional.dropout(torch.ones(10**5), 0.75).mean()
                    - 1
                )
                .abs()
                .item()
                < 0.05
            ),
        ),
        (
            "For dropout after the last layer, apply `nn.Dropout` to `output` "
            "yourself.",
            drops_what_is_handed_up_alone,
        ),
        (
            "A second layer lets an LSTM work on what the first one found; "
            "dropout between them is the only dropout",
            drops_what_is_handed_up_alone,
        ),
        (
            "Then `dropout` changes nothing, and PyTorch warns when the module "
            "is made.",
            warns_when_it_is_made,
        ),
        (
            "The `input_size` of the second is the `hidden_size` of the first.",
            lambda: module(5, 2, num_layers=2).weight_ih_l1.shape[1] == 2,
        ),
        (
            "every layer above the first receives both, so its input is twice "
            "as long",
            lambda: (
                module(
                    5, 2, num_layers=2, bidirectional=True
                ).weight_ih_l1.shape[1]
                == 2 * 2
            ),
        ),
        *(
            (words, drops_what_is_handed_up_alone)
            for words in (
                "Dropout acts on what is handed up, and nowhere else.",
                "So it does not act on - the input,",
                "`output`: no number of the last layer is dropped",
                "h and c on their way from step to step, in any layer",
            )
        ),
        (
            "A new mask is drawn in every call and at every step.",
            is_another_mask_at_every_step,
        ),
        (
            "with a distance of four, every fourth step belongs to a sequence "
            "of its own",
            lambda: feels(4) == [0, 4, 8],
        ),
        (
            "After `eval()` there is no dropout.",
            lambda: (
                not torch.equal(
                    deep()(drawn(4, 5, 3))[0], deep().eval()(drawn(4, 5, 3))[0]
                )
            ),
        ),
    ),
)
