// The tokens of a text: its characters. `own/tokens.js` has those of any network.

import { text, textWidth } from "./marks.js";
import { label } from "./words.js";

/** Control characters and separators, which have no shape. */
const UNSEEN = /^[\p{C}\p{Z}]$/u;

/** A visible form of a character: a sign for a space, a box for invisible ones. */
export const visibleToken = (token) =>
  token === " " || token === "\u00a0" ? "␣" : UNSEEN.test(token) ? "□" : token;

/** Whether the token of a step is drawn; a space shows as the gap between letters. */
export const isDrawn = (tokens, t) => tokens[t] !== " ";

/** The token of step `t` in a note, and its expression. */
export const notedToken = (tokens, t) => [visibleToken(tokens[t]), `tokens[${t}]`];

/**
 * The character of each step, except spaces.
 *
 * - `steps`: the columns of the band, a `Steps`
 * - `y`: the middle of the characters
 * - `tokens`: all tokens of the text
 * - `of`: the ids of the marks that the labels name
 * - `size`: the font size
 * - `boldSteps`: the set of steps with bold tokens
 */
export function tokenLabels(steps, y, tokens, of, { size, boldSteps }) {
  return steps.ts
    .filter((t) => isDrawn(tokens, t))
    .map((t) => {
      const token = visibleToken(tokens[t]);
      const bold = boldSteps.has(t);
      return label(steps.middle(t), y, token, { step: t + 1 }, of, "column", {
        style: { size, bold, mono: true, fill: "muted" },
        anchor: "middle",
        fill: bold || !boldSteps.size ? "ink" : "muted",
        says: { values: [[token, `tokens[${t}]`]] },
      });
    });
}

/** The width of the longest token; 0 if there are none. */
export const maxTokenWidth = (tokens, size) =>
  Math.max(
    ...[...new Set(tokens)].map((character) =>
      textWidth(text(0, 0, visibleToken(character), size, { mono: true })),
    ),
  );
