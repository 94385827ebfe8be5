from tests.site.facts.common import close, layer_of, module, randn


def reverse_is_from_the_end():
    both, x = module(bidirectional=True), randn(4, 5, 3)
    alone = layer_of(both, end="_reverse")
    return close(both(x)[0][..., 2:], alone(x.flip(0))[0].flip(0))


def output_has_forward_first():
    both, x = module(bidirectional=True), randn(4, 5, 3)
    return close(both(x)[0][..., :2], layer_of(both)(x)[0])


def directions_are_independent():
    lstm, x = module(bidirectional=True), randn(4, 5, 3)
    before = lstm(x)[0]
    lstm.weight_hh_l0_reverse.data += 1
    forward, reverse = (lstm(x)[0] == before).chunk(2, dim=2)
    return bool(forward.all()) and not reverse[0].any()
