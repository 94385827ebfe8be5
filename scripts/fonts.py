"""Subset STIX Two Text for the site.

    npm pack @fontsource/stix-two-text && tar xf fontsource-stix-two-text-*.tgz
    pip install fonttools brotli
    python scripts/fonts.py package/files

A test names each page with a character that the fonts lack; add it here.
"""

import string
import sys
from pathlib import Path

from fontTools.merge import Merger
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

LATIN = string.printable.strip() + "  ·×−–—‘’“”…§©°¶±²³"
NAMES = "áàâäãåæçéèêëíìîïñóòôöõøúùûüýßÁÄÅÇÉÖØÜÑ"
PARTS = {"latin": LATIN, "greek": "σ"}
# Names of people are printed upright.
UPRIGHT = {**PARTS, "latin": LATIN + NAMES, "latin-ext": "čćšśşžřłńğěőůĆČŚŠŞŽŁ"}
FACES = {
    "400-normal": ("stix-two-text", UPRIGHT),
    "400-italic": ("stix-two-text-italic", PARTS),
    "600-normal": ("stix-two-text-semibold", PARTS),
}


def cut(path: Path, characters: str) -> TTFont:
    """A font with only these characters and their kerning and ligatures."""
    font = TTFont(path, recalcTimestamp=False)
    options = Options(hinting=False, layout_features=["kern", "liga", "ccmp"])
    subsetter = Subsetter(options)
    subsetter.populate(text=characters)
    subsetter.subset(font)
    font.flavor = None
    return font


def main() -> None:
    """Write each face into the assets of the site."""
    files = Path(sys.argv[1])
    target = Path(__file__).parents[1] / "docs" / "assets" / "fonts"
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
