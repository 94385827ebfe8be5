// The tokens above a plot, in place of `reading/headings.js`: words may be rotated.

import { areLetters, lettersOf, maxTokenWidth, tokenLabels } from "../twin/tokens.js";
import { SMALL } from "../twin/words.js";

/** The font size of a token in a wide column, and the least width of such a one. */
const [LARGE, MIN_WIDE_COLUMN] = [16, 13];

/** The width that a column needs for the longest token; words need a space. */
const neededWidth = (tokens, size) =>
  areLetters(tokens)
    ? maxTokenWidth(lettersOf(tokens), size)
    : maxTokenWidth(tokens, size) + size / 2;

/**
 * The tokens, in bold where there is an arrow.
 *
 * - `steps`: the columns of the band, a `Steps`
 * - `y`: the middle of the tokens; the lower end of rotated ones
 */
export function tokens(plan, steps, y) {
  const { boldSteps, tokenLength: width, turn } = plan;
  const needed = Math.max(MIN_WIDE_COLUMN, neededWidth(plan.tokens, LARGE));
  const size = !turn && needed <= steps.width ? LARGE : SMALL;
  const of = plan.units.map((unit) => `c-${steps.first}-${unit}`);
  return tokenLabels(steps, y, plan.tokens, of, { size, boldSteps, turn, width });
}
