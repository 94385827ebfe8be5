"""What rows of long tables say beside what facts of their page hold."""

import re

from tests.site.conftest import ROOT


def section_has(id: str, *words: str) -> bool:
    """Whether a section of `other-places`, with its sources, has words."""
    text = (ROOT / "docs" / "other-places.md").read_text(encoding="utf-8")
    below = text.split(f"{{ #{id} }}\n")[1]
    section, *_ = re.split(r"^## ", below, flags=re.MULTILINE)
    return all(word in section for word in words)
