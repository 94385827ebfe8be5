"""The first page: its first screen, and the links and controls in it."""

import re

import pytest

from tests.browser.axe import violations

FIGURE = "#figure-reading"


@pytest.fixture(params=[(1280, 900), (360, 740)], ids=["desk", "phone"])
def home_page(request, open_page):
    width, height = request.param
    page = open_page(width=width)
    page.set_viewport_size({"width": width, "height": height})
    return page


def test_the_first_screen_is_the_experiment(home_page):
    check_first_screen(home_page)
    assert violations(home_page) == ""


def test_zensical_builds_the_same_first_screen(open_page, build_site):
    check_first_screen(open_page((build_site("zensical") / "index.html").as_uri()))


def check_first_screen(page):
    bottom = page.viewport_size["height"]
    intro = page.locator(".lf-intro")
    assert {"PyTorch", "LSTM"} <= {*re.findall(r"\w+", intro.inner_text())}
    groups = page.locator(f"{FIGURE} .lf-group")
    next_page = page.get_by_role("link", name="How an LSTM remembers, in ten minutes")
    seen = [
        page.get_by_text("Nobody told it to count.", exact=True),
        intro,
        page.locator(f"{FIGURE} .lf-forms > div:visible"),
        *([*groups.all()[:3], next_page] if bottom == 900 else groups.all()[:1]),
    ]
    boxes = [element.bounding_box() for element in seen]
    assert all(box["y"] > 0 for box in boxes)
    assert max(box["y"] + box["height"] for box in boxes) <= bottom
    # The three controls and the link to the next page look alike.
    levels = [element.bounding_box()["y"] for element in groups.all()[:3]]
    if bottom == 900:
        assert max(levels) - min(levels) <= 1
    sideways = "document.documentElement.scrollWidth > innerWidth"
    assert not page.evaluate(sideways)


def test_each_of_its_three_controls_does_what_it_says(home_page):
    status = home_page.locator(f"{FIGURE} [role=status]").first
    group = home_page.locator(f"{FIGURE} .lf-groups")
    group.get_by_role("button", name="The next step").click()
    status.get_by_text("“f” at step 1: unit 0 keeps").wait_for()
    group.get_by_role("button", name="cut").click()
    status.get_by_text("wrong after 5 of 15").wait_for()
    title = home_page.locator(f"{FIGURE} svg.lf-figure:visible > title")
    assert "brackets in quotes are counted" in title.text_content()
    group.get_by_role("button", name="as trained").click()
    group.get_by_label("Type your own text").fill("(a)")
    status.get_by_text("right after each of the 3").wait_for()


def test_it_is_short_and_whole_without_scripts(open_page):
    page = open_page(java_script_enabled=False)
    words = page.locator("article > :not(figure)").all_inner_texts()
    assert 300 < len(" ".join(words).split()) <= 600
    assert page.locator(f"{FIGURE} .lf-live:visible").count() == 0
    doors = page.locator(".lf-doors > ul > li")
    assert [door.locator("li a").count() for door in doors.all()] == [3, 3, 3]
