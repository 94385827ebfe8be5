"""Scrolling through scenes: each stop shows the figure of its words."""

import pytest

PATH = "how-an-lstm-remembers/"
WINDOWS = [
    pytest.param(path, size, marks=pytest.mark.thorough if k else ())
    for path in (PATH, "keep-write-show/", "step/")
    for k, size in enumerate([(1280, 900), (1366, 768), (1920, 1080)])
]

SCENE_STATE = """() => {
  const top = document.querySelector('.md-header').getBoundingClientRect()
    .bottom;
  const range = document.createRange();
  const isSeen = (node, found) => {
    range.setStart(node, found.index);
    range.setEnd(node, found.index + found[0].length);
    const box = range.getBoundingClientRect();
    return box.height && box.top >= top && box.bottom <= innerHeight;
  };
  const scenes = [...document.querySelectorAll('.lf-scene')];
  const words = scenes.map(scene => {
    const walker = document.createTreeWalker(scene, NodeFilter.SHOW_TEXT,
      node => node.parentElement.closest('figure, .lf-tools')
        ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
    let count = 0;
    while (walker.nextNode())
      for (const found of walker.currentNode.data.matchAll(/\\S+/g))
        count += isSeen(walker.currentNode, found);
    return count;
  });
  const pictures = scenes.map(scene => {
    const image = [...scene.querySelectorAll('img')]
      .find(element => element.checkVisibility({ opacityProperty: true }));
    const box = image?.getBoundingClientRect();
    return image ? [box.left, box.top, box.right, box.bottom] : null;
  });
  return { at: scrollY, words, pictures };
}"""
"""For each scene, how many of its words are in the window, and the position of its
image, null if it is hidden.
"""


SIMILAR_SHARE = 0.8
"""If two scenes share the window, the image of one may be shown if it has this share
of the other's words.
"""


def visible_scenes(stop):
    return [k for k, box in enumerate(stop["pictures"]) if box]


def wrong_stops(stops):
    """Stops where the visible image does not match the words.

    The image is that of the scene with most words in the window, or nearly as many.
    """
    return [
        stop
        for stop in stops
        if any(counts := stop["words"])
        and [counts[k] >= SIMILAR_SHARE * max(counts) for k in visible_scenes(stop)] != [True]
    ]


@pytest.fixture
def scenes(open_page, path, size):
    page = open_page(path, reduced_motion="reduce")
    page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
    page.evaluate("scrollTo(0, 0)")
    return page


SCROLL_END = """() => { rested = new Promise(done => {
  addEventListener('scrollend', done, { once: true });
  setTimeout(done, 500);
}) }"""
"""Resolves when the window has stopped scrolling, even if it does not move."""


def stop_after(page, move):
    page.evaluate(SCROLL_END)
    move()
    page.evaluate("rested")
    return page.evaluate(SCENE_STATE)


def stops(page, move):
    visited = [page.evaluate(SCENE_STATE)]
    while len(visited) < 2 or visited[-1]["at"] > visited[-2]["at"]:
        visited.append(stop_after(page, move))
    return visited[:-1]


in_windows = pytest.mark.parametrize(("path", "size"), WINDOWS)


@in_windows
def test_each_stop_of_page_down_shows_the_whole_picture_of_its_words(scenes):
    visited = stops(scenes, lambda: scenes.keyboard.press("PageDown"))
    assert wrong_stops(visited) == []
    # Readers who scroll by pages see each scene.
    all_scenes = range(len(visited[0]["words"]))
    assert {k for stop in visited for k in visible_scenes(stop)} == {*all_scenes}
    for stop in visited:
        ((left, top, right, bottom),) = filter(None, stop["pictures"])
        width, height = scenes.viewport_size.values()
        assert 0 < left < right <= width
        # It disappears with the last words.
        if max(stop["words"]) > sum(stop["words"]) / 2:
            assert 56 <= top < bottom <= height


@in_windows
def test_each_stop_of_the_wheel_shows_the_picture_of_its_words(scenes):
    scenes.mouse.move(300, 400)
    visited = stops(scenes, lambda: scenes.mouse.wheel(0, 230))
    assert len(visited) > 20
    assert wrong_stops(visited) == []


@in_windows
def test_a_link_to_a_scene_shows_its_picture(scenes):
    ids = scenes.locator(".lf-scene > h2, .lf-scene > figure").evaluate_all(
        "all => all.map(element => [element.id, [...document.querySelectorAll("
        "'.lf-scene')].indexOf(element.parentElement)])"
    )
    assert len(ids) >= scenes.locator(".lf-scene").count()
    for id, scene in ids:
        stop = stop_after(scenes, lambda id=id: scenes.evaluate("id => location.hash = id", id))
        assert visible_scenes(stop) == [scene], id
        assert wrong_stops([stop]) == []


SCENE_BOXES = """() => [...document.querySelectorAll('.lf-scene')].map(scene => {
  const seen = element => element.checkVisibility({ opacityProperty: true })
    ? element.getBoundingClientRect() : null;
  const heading = scene.querySelector('h2') ?? document.querySelector('h1');
  const images = [...scene.querySelectorAll('img')].map(seen);
  return [seen(heading), ...images, seen(scene.querySelector('p'))]
    .filter(Boolean).map(box => [box.top, box.bottom]);
})"""
"""The top and bottom of each scene's heading, picture and words, if visible."""


@pytest.mark.parametrize(
    ("media", "width", "scripts"),
    [("screen", 800, True), ("screen", 1280, False), ("print", 1280, True)],
)
def test_elsewhere_each_scene_is_heading_picture_and_words(open_page, media, width, scripts):
    page = open_page(PATH, java_script_enabled=scripts, width=width)
    page.emulate_media(media=media)
    for heading, picture, words in page.evaluate(SCENE_BOXES):
        assert heading[1] <= picture[0] < picture[1] <= words[0]


def test_pictures_that_are_not_shown_are_read_aloud_and_take_no_focus(open_page):
    page = open_page(PATH)
    pictures = page.locator(".lf-scene").get_by_role("img").count()
    assert pictures == page.locator(".lf-scene").count()
    inside = page.locator(".lf-scene figure").locator("a, button, input, summary, [tabindex]")
    assert inside.count() == 0
