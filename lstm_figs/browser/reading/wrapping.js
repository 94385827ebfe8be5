// A text in rows of steps: `Plan.wrapping` in `figures/reading/plan.py`, for characters.

import { Steps } from "../twin/over_time.js";
import { maxTokenWidth } from "../twin/tokens.js";
import { innerWidth, SMALL } from "../twin/words.js";

/** The least width of a step with a letter, and the largest width of any step. */
export const [MIN_LETTER_WIDTH, MAX_STEP_WIDTH] = [11, 150];

/**
 * Bands of equal length; the last may be shorter.
 *
 * - `rows`: how many bands
 * - `space`: the width of a band
 */
export function bandsOf({ left, subject }, rows, space) {
  const count = subject.steps.length;
  const stepsPerRow = Math.ceil(count / rows);
  const stepWidth = Math.min(MAX_STEP_WIDTH, space / stepsPerRow);
  const bands = [];
  for (let first = 0; first < count; first += stepsPerRow) {
    bands.push(new Steps(first, Math.min(stepsPerRow, count - first), left, stepWidth));
  }
  return bands;
}

/** All steps in as few bands as their characters fit into, as fields of `Plan`. */
export function wrappingOf(plan) {
  const { left, subject, tokens, width } = plan;
  const space = innerWidth(width) - left;
  const minWidth = Math.max(MIN_LETTER_WIDTH, maxTokenWidth(tokens, SMALL));
  // At least one, however wide a character is.
  const stepsPerRow = Math.max(1, Math.trunc(space / minWidth));
  const rows = Math.ceil(subject.steps.length / stepsPerRow);
  return { allBands: bandsOf(plan, rows, space), tokenRise: 0 };
}

/** How far c of some units moves in a band, a `Steps`. */
export const movedIn = (band, { steps }, units) =>
  band.ts
    .flatMap((t) => units.map((unit) => steps[t].c[unit] - steps[t].c_prev[unit]))
    .reduce((sum, by) => sum + Math.abs(Math.fround(by)), 0);
