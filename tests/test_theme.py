"""Contrast and hues of the colour schemes."""

import colorsys
from itertools import combinations, product

import numpy as np
import pytest

from lstm_figs import draw
from lstm_figs.figures import CATALOG, SHEETS
from lstm_figs.model.lstm import GATES
from lstm_figs.proof.bindings import Course, Flow, Length, Place
from lstm_figs.scene import theme
from lstm_figs.scene.marks import Box, Path, Text, bounds, walk
from lstm_figs.scene.theme import COLOURS_BY_ROLE, DARKEST, STRONGEST, TEXT_ROLES, colour, contrast

SCHEMES = ("light", "dark")
MARKS = sorted(set(COLOURS_BY_ROLE) - {"paper", "panel", "rule"})
"""Roles of marks, which must be visible on paper."""

both_schemes = pytest.mark.parametrize("scheme", SCHEMES)


def ratio(first, second, scheme):
    return contrast(colour(first, scheme), colour(second, scheme))


def test_an_unknown_role_is_refused_with_those_that_there_are():
    with pytest.raises(ValueError, match=r"^got .gate-x. as the role of a colour, "):
        colour("gate-x:8", "light")


@both_schemes
@pytest.mark.parametrize("ground", ["paper", "panel"])
def test_every_text_can_be_read_and_every_mark_be_seen(ground, scheme):
    least = dict.fromkeys(MARKS, 3) | dict.fromkeys(TEXT_ROLES, 4.5) | {"rule": 1.4}
    low = {role: ratio(role, ground, scheme) for role in least}
    assert {role: value for role, value in low.items() if value < least[role]} == {}


@both_schemes
def test_a_number_can_be_read_on_every_colour_of_a_weight(scheme):
    paints = [
        f"{hue}:{share}" for hue, share in product(("pos", "neg"), range(5, STRONGEST + 1, 5))
    ]
    low = {paint: ratio("ink", paint, scheme) for paint in paints}
    assert {paint: v for paint, v in low.items() if v < 4.5} == {}


HUES = {
    "gate-i": "blue",
    "gate-f": "orange",
    "gate-g": "green",
    "gate-o": "purple",
    "pos": "blue",
    "neg": "red",
}
"""Paint -> its hue in legends and on pages."""

HUE_ANGLES = {
    "orange": (20, 45),
    "green": (140, 175),
    "blue": (195, 250),
    "purple": (285, 320),
    "red": (340, 365),
}
"""Hue -> the range of its angle, in degrees."""


@both_schemes
@pytest.mark.parametrize("role", HUES)
def test_a_role_has_one_hue_by_day_and_by_night(role, scheme):
    rgb = [channel / 255 for channel in bytes.fromhex(colour(role, scheme)[1:])]
    least, most = HUE_ANGLES[HUES[role]]
    turned = 360 * colorsys.rgb_to_hls(*rgb)[0]
    assert (turned - least) % 360 <= most - least


LINEAR_TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
"""From linear sRGB to XYZ with the white point D65."""

DEUTERANOPE = np.array(
    [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ]
)
"""Simulates deuteranopia in linear sRGB (Machado et al. 2009)."""


def lab(hexadecimal, vision):
    """A colour in CIELAB, as seen with a kind of colour vision."""
    rgb = np.array([*bytes.fromhex(hexadecimal[1:])]) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    xyz = LINEAR_TO_XYZ @ np.clip(vision @ linear, 0, 1) / LINEAR_TO_XYZ.sum(axis=1)
    x, y, z = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def near_pairs(least_distances, scheme, vision):
    """The pairs of roles whose colours are too similar, and how far apart they are."""
    seen = {role: lab(colour(role, scheme), vision) for pair in least_distances for role in pair}
    distances = {(a, b): np.linalg.norm(seen[a] - seen[b]) for a, b in least_distances}
    return {pair: d for pair, d in distances.items() if d < least_distances[pair]}


@both_schemes
@pytest.mark.parametrize(
    ("vision", "least"), [(np.eye(3), 25), (DEUTERANOPE, 15)], ids=["all", "deut"]
)
def test_signs_and_states_are_told_from_every_gate(vision, least, scheme):
    gates = [f"gate-{gate}" for gate in GATES]
    least_distances = dict.fromkeys(product(("pos", "neg", "c", "h"), gates), least)
    assert near_pairs(least_distances, scheme, vision) == {}


@both_schemes
def test_both_ends_of_a_scale_weigh_the_same(scheme):
    ends = {
        (role, share): lab(colour(f"{role}:{share}", scheme), np.eye(3))[0]
        for role, share in product(("pos", "neg"), (STRONGEST, DARKEST))
    }
    for share in (STRONGEST, DARKEST):
        assert abs(ends["pos", share] - ends["neg", share]) <= 1.5
    if scheme == "light":
        assert ends["pos", DARKEST] == pytest.approx(45, abs=0.5)
        assert ends["neg", DARKEST] == pytest.approx(45, abs=0.5)


def test_grey_on_white_has_the_contrast_that_wcag_gives_as_an_example():
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


def contrast_with_paper(mark, scheme):
    """The contrast of a mark with the paper, by its fill or its outline."""
    contrasts = []
    for paint in filter(None, (mark.fill, mark.stroke)):
        role, _, share = paint.partition(":")
        share = int(share or 100) * getattr(mark, "opacity", 1)
        contrasts.append(ratio(f"{role}:{round(share)}", "paper", scheme))
    return max(contrasts)


def is_drawn_by_a_value(mark):
    """Whether it is a visible bar, curve, point or arrow.

    The parts of a stack are separated by their edges, and the marks of an arrow
    with a head are in a group.
    """
    stacked = any(getattr(b, "draws", "") == "area" for b in mark.bound)
    bound = (Course, Flow, Length, Place)
    return (
        isinstance(mark, (Box, Path))
        and (mark.fill or mark.stroke)
        and any(isinstance(b, bound) for b in mark.bound)
        and not stacked
    )


@both_schemes
@pytest.mark.parametrize("name", [*CATALOG, *SHEETS])
def test_every_mark_that_a_value_draws_can_be_seen(name, scheme):
    marks = filter(is_drawn_by_a_value, walk(draw(name).sheet.marks))
    low = {m.id: round(r, 2) for m in marks if (r := contrast_with_paper(m, scheme)) < 3}
    assert low == {}


def texts_on_fills(figure):
    """Each text with the colour behind it."""
    ground = []
    for mark in walk(figure.sheet.marks):
        if isinstance(mark, Box) and mark.fill:
            ground.append(mark)
        elif isinstance(mark, Text):
            left, top, right, bottom = bounds([mark])
            x, y = (left + right) / 2, (top + bottom) / 2
            fills = (
                box.fill
                for box in reversed(ground)
                if box.x <= x <= box.x + box.width and box.y <= y <= box.y + box.height
            )
            yield mark, next(fills)


@both_schemes
@pytest.mark.parametrize("name", [*CATALOG, *SHEETS])
def test_every_text_can_be_read_on_what_is_below_it(name, scheme):
    low = {
        (text.content, text.fill, fill): round(r, 2)
        for text, fill in texts_on_fills(draw(name))
        if (r := ratio(text.fill, fill, scheme)) < 4.5
    }
    assert low == {}


@both_schemes
def test_the_memory_stands_out_from_what_is_shown_of_it(scheme):
    seen = [ratio(role, "paper", scheme) for role in ("c", "ink", "h", "muted")]
    assert seen == sorted(seen, reverse=True)


@both_schemes
def test_no_two_roles_look_alike(scheme):
    # A panel is a shade of the paper below it.
    least_distances = dict.fromkeys(combinations(COLOURS_BY_ROLE, 2), 7) | {("paper", "panel"): 2.5}
    assert near_pairs(least_distances, scheme, np.eye(3)) == {}


def test_different_paints_of_a_file_have_different_light_colours():
    paints = [*COLOURS_BY_ROLE]
    paints += [theme.tint(f"gate-{gate}") for gate in GATES]
    paints += [f"{h}:{s}" for h in ("pos", "neg") for s in range(5, 56, 5)]
    assert len({colour(p, "light") for p in paints}) == len(paints)
