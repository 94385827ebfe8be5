// The tokens above a plot: `figures/reading/headings.py`, for characters.

import { maxTokenWidth, tokenLabels } from "../twin/tokens.js";
import { SMALL } from "../twin/words.js";

/** The font size of a character in a wide column, and the least width of such a one. */
const [LETTER_SIZE, MIN_WIDE_COLUMN] = [16, 13];

/**
 * The tokens, in bold where there is an arrow.
 *
 * - `steps`: the columns of the band, a `Steps`
 * - `y`: the middle of the tokens
 */
export function tokens(plan, steps, y) {
  const needed = Math.max(MIN_WIDE_COLUMN, maxTokenWidth(plan.tokens, LETTER_SIZE));
  const of = plan.units.map((unit) => `c-${steps.first}-${unit}`);
  return tokenLabels(steps, y, plan.tokens, of, {
    size: needed <= steps.width ? LETTER_SIZE : SMALL,
    boldSteps: plan.boldSteps,
  });
}
