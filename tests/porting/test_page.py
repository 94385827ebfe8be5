"""The Python of the page about porting runs with the real libraries."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "porting.md"
SECTIONS = {
    section.partition("\n")[0]: code.group(1)
    for section in PAGE.read_text(encoding="utf-8").split("\n## ")
    if (code := re.search(r"```python\n(.*?)```", section, re.DOTALL))
}


BOTH = """\
import json, sys

right, wrong = json.load(sys.stdin)
exec(right, {})
try:
    exec(wrong, {})
except AssertionError:
    print("found")
"""


def test_every_library_has_a_section_with_code():
    assert list(SECTIONS) == ["Keras", "ONNX", "Flax", "OpenVINO"]


@pytest.mark.parametrize("library", SECTIONS)
def test_the_code_of_a_section_ports_the_weights(library):
    right = SECTIONS[library]
    # Another order of the gates, and the comparison at the end fails.
    wrong, count = re.subn(
        r"(\[(?:i, o, f, g|f, i, g, o)\])|\"ifgo\", tensor|\.T$",
        lambda found: {".": ".T.flip(1)", '"': '"figo", tensor'}.get(
            found[0][0], "[g, f, i, o]"
        ),
        right,
        count=1,
        flags=re.MULTILINE,
    )
    assert count == 1
    done = subprocess.run(
        [sys.executable, "-c", BOTH],
        input=json.dumps([right, wrong]),
        capture_output=True,
        encoding="utf-8",
    )
    assert (done.returncode, done.stdout) == (0, "found\n"), done.stderr
