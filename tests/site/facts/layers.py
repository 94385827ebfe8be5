import torch

from tests.site.facts.common import close, filled, layer_of, module, randn, session


def stack_is_a_loop_within_a_loop():
    names = session("layers")
    last_of_each = names["states"][0][0], names["shown"][-1]
    return all(map(close, last_of_each, (names["h_first"][0], names["h_second"][0])))


def drops_what_is_handed_up_alone():
    """Whether dropout of 1 changes only what the second layer reads."""
    lstm, x = module(num_layers=2, dropout=1.0), randn(4, 5, 3)
    output, (h_n, c_n) = lstm(x)
    below, (h, c) = layer_of(lstm)(x)
    above, _ = layer_of(lstm, 1)(0 * below)
    return close(output, above) and close(h_n[0], h[0]) and close(c_n[0], c[0])


def is_another_mask_at_every_step():
    forgets = [1.0] * 9 + [-99.0] * 9 + [1.0] * 18
    lstm = filled(
        torch.nn.LSTM(3, 9, 2, dropout=0.5),
        **{"value": 0, "bias_ih_l0": forgets, "bias_ih_l1": forgets},
        weight_ih_l1=torch.eye(9).repeat(4, 1),
    )
    x = torch.ones(2, 1, 3)
    (first, second), (repeated, _) = lstm(x)[0], lstm(x)[0]
    return not close(first, second) and not close(first, repeated)
