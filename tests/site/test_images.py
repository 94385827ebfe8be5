"""Pictures of figures in the built site."""

import re

import pytest

import lstm_figs
from tests.site.conftest import both_builders, write_project

PICTURE = "/// lstm-picture | {}\n///\n"


@pytest.fixture
def project(tmp_path):
    """A project with two pictures, one of them narrow."""
    return write(tmp_path, "perceptron", "unrolled --width 360")


CONFIG = "site_name: Test\nplugins: [lstm-figs]\nmarkdown_extensions: [lstm_figs.site.block]\n"


def write(project, *headers):
    return write_project(project, CONFIG, index="\n".join(map(PICTURE.format, headers)))


@pytest.fixture
def build_images(project, builder):
    """Builds the project, and returns when each image changed, and its bytes."""

    def build_it(*options):
        images = (builder.build("mkdocs", project, *options) / "assets" / "lstm-figs").iterdir()
        return {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in images}

    return build_it


def test_a_picture_has_both_schemes_and_a_narrow_form_where_it_is_wider(project, build_images):
    names = sorted(path.name.partition("-")[0] for path in build_images())
    assert names == ["perceptron"] * 4 + ["unrolled"] * 2
    page = (project / "site" / "index.html").read_text()
    assert page.count("<img ") == 6


def test_images_that_are_there_are_not_written_again(build_images):
    assert build_images() == build_images()


def test_an_image_that_is_not_whole_is_written_again(build_images):
    images = build_images()
    path, (_, svg) = images.popitem()
    path.write_bytes(svg[:-9])
    assert build_images()[path][1] == svg


def test_an_image_that_no_page_shows_any_more_goes(project, build_images):
    build_images()
    write(project, "perceptron")
    assert {path.name.partition("-")[0] for path in build_images()} == {"perceptron"}
    write(project)
    assert build_images() == {}


def test_a_dirty_build_keeps_the_images_of_pages_that_it_does_not_read(project, build_images):
    (project / "docs" / "other.md").write_text(PICTURE.format("cell"))
    before = build_images()
    write(project, "perceptron")
    assert build_images("--dirty", "--no-strict").keys() == before.keys()
    assert len(build_images()) < len(before)


@both_builders
def test_a_sheet_leads_to_its_pdf_which_is_what_the_command_draws(tool, project, builder):
    write_project(project, CONFIG, index="/// lstm-sheet | cheat-sheet\n///\n")
    site = builder.build(tool, project)
    html = (site / "index.html").read_text()
    address, content = re.search(
        r'<a class="lf-sheet" href="([^"]+)">(.*?)</a>', html, re.S
    ).groups()
    assert (site / address).read_bytes() == lstm_figs.draw("cheat-sheet").render("pdf", "light")
    assert content.count('loading="lazy"') == 2
    assert f'<a href="{address}" download="cheat-sheet.pdf">' in html
    assert "PDF to print, A4" in html
