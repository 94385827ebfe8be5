// The tokens of any network, in place of `twin/tokens.js`: words or letters. Python has
// made them visible, apart from a single space.

import { columnCount, text, textWidth, widthOf } from "../twin/marks.js";
import { label, middleToBaseline } from "../twin/words.js";

/** Up to one token in this many may be longer than a character among letters. */
const LETTERS_PER_WORD = 8;
/** The gap beside a token. */
export const TOKEN_MARGIN = 1;
/** The most characters of a token in a note. */
const MAX_NOTED = 12;

/** A space as a sign. */
export const visibleToken = (token) => (token === " " ? "␣" : token);

/** The tokens that are one character. */
export const lettersOf = (tokens) => tokens.filter((token) => [...token].length === 1);

/** Whether tokens are single characters, except for a few such as <s>. */
export const areLetters = (tokens) =>
  tokens.length - lettersOf(tokens).length <= tokens.length / LETTERS_PER_WORD;

/** Whether a token is drawn: between letters, a space shows as a gap. */
export const isDrawn = (tokens, t) => tokens[t] !== " " || !areLetters(tokens);

/** The width of the longest token; 0 if there are none. */
export const maxTokenWidth = (tokens, size) =>
  Math.max(
    0,
    ...tokens.map((token) =>
      textWidth(text(0, 0, visibleToken(token), size, { mono: true })),
    ),
  );

/** A token in a note, shortened, and its expression. */
export function notedToken(tokens, t) {
  const characters = [...visibleToken(tokens[t])];
  const expr = `tokens[${t}]`;
  if (characters.length <= MAX_NOTED) return [characters.join(""), expr];
  const short = `${characters.slice(0, MAX_NOTED).join("")}…`;
  return [short, `${expr}[:${MAX_NOTED}] + "…"`];
}

/** A token in a width, with an ellipsis if it is cut, and its expression. */
function shortenedToken(token, expr, width, size) {
  const characters = [...token];
  const most = Math.max(1, Math.trunc(width / widthOf("0", size, { mono: true })));
  if (characters.length === 1 || columnCount(token) <= most) return [token, expr];
  let count = 0;
  while (columnCount(characters.slice(0, count + 1).join("")) < most) count += 1;
  return [`${characters.slice(0, count).join("")}…`, `${expr}[:${count}] + "…"`];
}

/**
 * The tokens above their columns.
 *
 * - `steps`: the columns of the band, a `Steps`
 * - `y`: the middle of horizontal tokens, the lower end of others
 * - `tokens`: all tokens of the sequence
 * - `of`: the ids of the marks that the labels name
 * - `size`: the font size
 * - `boldSteps`: the set of steps with bold tokens
 * - `turn`: by how many degrees they are rotated
 * - `width`: the most that they take, else the width of a column
 */
export function tokenLabels(steps, y, tokens, of, { size, boldSteps, turn, width }) {
  const maxWidth = (width || steps.width) - TOKEN_MARGIN;
  // The baseline of a rotated text is right of the middle of its letters.
  const rising = turn && {
    anchor: "start",
    turn,
    x: middleToBaseline(size) * Math.sin((turn * Math.PI) / 180),
    y,
  };
  return steps.ts
    .filter((t) => isDrawn(tokens, t))
    .map((t) => {
      const visible = visibleToken(tokens[t]);
      const [token, expr] = shortenedToken(visible, `tokens[${t}]`, maxWidth, size);
      const bold = boldSteps.has(t);
      const x = steps.middle(t);
      const mark = label(x, y, token, { step: t + 1 }, of, "column", {
        style: { size, bold, mono: true, fill: "muted" },
        anchor: "middle",
        fill: bold || !boldSteps.size ? "ink" : "muted",
        says: { values: [[token, expr]] },
      });
      return turn ? { ...mark, ...rising, x: x + rising.x } : mark;
    });
}
