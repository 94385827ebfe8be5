"""Compare `trace --json` with torch for random modules."""

import json

import numpy as np
import torch

from lstm_figs.sources import Source
from tests.test_command import run

MODULES = 200
TOLERANCE = 1e-6


def steps_of(module, x, layer, direction):
    """The steps of a layer, computed by a cell of torch."""
    suffix = f"_l{layer}{'_reverse' * (direction == 'reverse')}"
    parameters = {n[: -len(suffix)]: p for n, p in module.named_parameters() if n.endswith(suffix)}
    h = x.new_zeros(x.shape[1], module.proj_size or module.hidden_size)
    c = x.new_zeros(x.shape[1], module.hidden_size)
    steps, order = {}, range(len(x))
    for t in order if direction == "forward" else reversed(order):
        z = x[t] @ parameters["weight_ih"].T + h @ parameters["weight_hh"].T
        if module.bias:
            z = z + parameters["bias_ih"] + parameters["bias_hh"]
        step = {"x": x[t], "h_prev": h, "c_prev": c}
        step |= dict(zip(("z_i", "z_f", "z_g", "z_o"), z.chunk(4, dim=1), strict=True))
        gates = {k: step[f"z_{k}"].tanh() if k == "g" else step[f"z_{k}"].sigmoid() for k in "ifgo"}
        c = gates["f"] * c + gates["i"] * gates["g"]
        h = gates["o"] * c.tanh()
        if module.proj_size:
            h = h @ parameters["weight_hr"].T
        steps[t] = step | gates | {"c": c, "tanh_c": c.tanh(), "h": h}
    return [steps[t] for t in order]


def check_against_module(printed, module, x):
    with torch.no_grad():
        output, (h_n, c_n) = module(x)
    for name, tensor in (("output", output), ("h_n", h_n), ("c_n", c_n)):
        np.testing.assert_allclose(printed[name], tensor, rtol=0, atol=TOLERANCE)
    directions = ["forward", "reverse"][: 1 + module.bidirectional]
    by_key = {(s["layer"], s["direction"], s["t"]): s for s in printed["steps"]}
    assert len(by_key) == len(printed["steps"])
    assert len(by_key) == len(x) * module.num_layers * len(directions)
    received = x
    for layer in range(module.num_layers):
        expected = {d: steps_of(module, received, layer, d) for d in directions}
        for direction, steps in expected.items():
            for t, step in enumerate(steps):
                got = by_key[layer, direction, t]
                assert list(got) == ["t", "layer", "direction", *step]
                for name, tensor in step.items():
                    assert np.shape(got[name]) == tuple(tensor.shape)
                    np.testing.assert_allclose(
                        got[name], tensor.detach(), rtol=0, atol=TOLERANCE, err_msg=name
                    )
        received = torch.cat(
            [torch.stack([s["h"] for s in expected[d]]).detach() for d in directions], dim=2
        )


def test_hundreds_of_random_modules_are_what_torch_computes():
    random = np.random.RandomState(0)
    for seed in range(MODULES):
        sizes = random.randint(1, 13, 2).tolist()
        form = {"num_layers": int(random.choice((1, 1, 2, 3)))}
        form["bidirectional"] = random.uniform() < 0.5
        form["proj_size"] = (0, 0, random.randint(sizes[1]))[random.randint(3)]
        bias = random.uniform() < 0.8
        dtype = ("float32", "float32", "float64")[random.randint(3)]
        shape = random.randint(1, 7), random.randint(1, 4)
        lengths = {"seq_len": shape[0], "batch_size": shape[1]}
        source = Source(*sizes, seed, dtype=dtype, no_bias=not bias, **lengths, **form)
        torch.manual_seed(seed)
        real = getattr(torch, dtype)
        module = torch.nn.LSTM(*sizes, bias=bias, dtype=real, **form)
        x = torch.randn(*shape, sizes[0], dtype=real)
        printed = json.loads(run("lstm-figs trace --json", *source.arguments()))
        assert {name: printed[name] for name in form} == form
        check_against_module(printed, module, x)
