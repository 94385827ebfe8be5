"""The messages of live scripts: which are in their code, and which a page has announced."""

import re

from lstm_figs.html.scripts import FOLDER

LISTEN = """document.addEventListener('readystatechange', () => new MutationObserver(all => {
  for (const { target, addedNodes } of all) {
    for (const node of [target, ...addedNodes]) {
      const element = node.closest ? node : node.parentElement;
      if (!element) continue;
      heard(`${element.ariaLabel} ${element.ariaDescription}`);
      // Texts of figures are compared in their twins.
      if (!element.closest('svg') && !element.querySelector('svg')) heard(element.textContent);
    }
  }
}).observe(document.body, {
  subtree: true, childList: true, characterData: true,
  attributeFilter: ['aria-label', 'aria-description'],
}), { once: true })"""
"""Calls `heard` with each text and label that a script shows or changes."""

COMMENT = re.compile(r"^ *(//|/?\*).*\n", re.MULTILINE)
STRING = re.compile(r""""((?:\\.|[^"\\\n])*)"|(?<=[`}])([^`"{}$\n]*)(?=`|\$\{)""")
"""Matches a string in quotes, or a piece of a template of one line."""

SENTENCE = re.compile(r"(?<![\w.#:$-])[A-Za-z]+ [a-z]+(?![\w-])")
"""Matches two words in a row, which only messages have."""

CODE = re.compile(r"[\[\]{}<>=\\]")
"""Matches characters that code has and messages lack."""


def listen(page):
    """All messages of a page from its next address on, as a set that grows."""
    messages = set()
    page.expose_function("heard", lambda text: messages.add(text))
    page.add_init_script(LISTEN)
    return messages


def missing_messages(announced, *paths):
    """The messages in some scripts of `FOLDER` that a page has not announced."""
    code = "".join(COMMENT.sub("", (FOLDER / path).read_text("utf-8")) for path in paths)
    pieces = {"".join(groups).strip() for groups in STRING.findall(code)}
    messages = {piece for piece in pieces if SENTENCE.search(piece) and not CODE.search(piece)}
    assert messages
    return [words for words in messages if not any(words in text for text in announced)]
