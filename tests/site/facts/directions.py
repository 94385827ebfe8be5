from tests.site.facts.common import close, layer_of, module, randn


def reverse_is_from_the_end():
    both, x = module(bidirectional=True), randn(4, 5, 3)
    alone = layer_of(both, end="_reverse")
    return close(both(x)[0][..., 2:], alone(x.flip(0))[0].flip(0))


def output_has_forward_first():
    both, x = module(bidirectional=True), randn(4, 5, 3)
    return close(both(x)[0][..., :2], layer_of(both)(x)[0])
