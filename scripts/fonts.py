"""Subset STIX Two Text for the site, and its semibold for headlines of figures.

    npm pack @fontsource/stix-two-text && tar xf fontsource-stix-two-text-*.tgz
    pip install fonttools brotli
    python scripts/fonts.py package/files

A test names each page with a character that the fonts lack; add it here.
"""

import string
import sys
from collections.abc import Sequence
from pathlib import Path

from fontTools.merge import Merger
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

LATIN = string.printable.strip() + "  ·×−–—‘’“”…§©°¶±²³"
NAMES = "áàâäãåæçéèêëíìîïñóòôöõøúùûüýßÁÄÅÇÉÖØÜÑ"

# Part of the font -> the characters that are taken from it.
PARTS = {"latin": LATIN, "greek": "σ"}
# Names of people are printed upright.
UPRIGHT = {**PARTS, "latin": LATIN + NAMES, "latin-ext": "čćšśşžřłńğěőůĆČŚŠŞŽŁ"}
FEATURES = ("kern", "liga", "ccmp")
"""Kerning, ligatures and accents."""

FACES = {
    "400-normal": ("stix-two-text", UPRIGHT),
    "400-italic": ("stix-two-text-italic", PARTS),
    "600-normal": ("stix-two-text-semibold", PARTS),
}


def cut(path: Path, characters: str, features: Sequence[str] = FEATURES) -> TTFont:
    """A font with only these characters and these features."""
    font = TTFont(path, recalcTimestamp=False)
    options = Options(hinting=False, layout_features=[*features])
    subsetter = Subsetter(options)
    subsetter.populate(text=characters)
    subsetter.subset(font)
    font.flavor = None
    return font


def main() -> None:
    """Write each face into the assets of the site."""
    files = Path(sys.argv[1])
    root = Path(__file__).parents[1]
    target = root / "docs" / "assets" / "fonts"
    # Renderers place its letters by their widths alone.
    headlines = cut(files / "stix-two-text-latin-600-normal.woff2", LATIN, features=())
    headlines.save(root / "lstm_figs" / "render" / "stix-two-text-semibold.ttf")
    for face, (name, parts) in FACES.items():
        cuts = []
        for part, characters in parts.items():
            cuts.append(target / f"{part}.ttf")
            source = files / f"stix-two-text-{part}-{face}.woff2"
            cut(source, characters).save(cuts[-1])
        font = Merger().merge(cuts)
        font.recalcTimestamp = False
        # The time of the source font, so that each run writes the same bytes.
        then = TTFont(cuts[0])["head"].modified
        font["head"].created = font["head"].modified = then
        font.flavor = "woff2"
        font.save(target / f"{name}-subset.woff2")
        for path in cuts:
            path.unlink()


if __name__ == "__main__":
    main()
