// A sequence in rows of steps, in place of `reading/wrapping.js`: words are horizontal,
// slanted or vertical, whichever needs the fewest rows.

import { known } from "../twin/known.js";
import { areLetters, lettersOf, maxTokenWidth, TOKEN_MARGIN } from "../twin/tokens.js";
import { innerWidth, margin, SMALL } from "../twin/words.js";
import {
  bandsOf,
  MAX_STEP_WIDTH,
  MIN_LETTER_WIDTH,
  movedIn as cMovedIn,
} from "../reading/wrapping.js";

/** The least width of a step for slanted and for vertical words. */
const [MIN_SLANTED_WIDTH, MIN_UPRIGHT_WIDTH] = [18, 13];
/** The most length of slanted and of vertical words; longer ones are cut. */
const [MAX_SLANTED_LENGTH, MAX_UPRIGHT_LENGTH] = [108, 76];
/** The space beside a horizontal word. */
const WORD_GAP = 6.2;
/** What a rotated word may be longer than measured, so that float errors cut none. */
const ROUNDING = 0.1;

/**
 * All steps in as few bands as their tokens fit into, and how the tokens are turned;
 * these are fields of `Plan`.
 */
export function wrappingOf(plan) {
  const { left, subject, tokens, width } = plan;
  const count = subject.steps.length;
  const space = innerWidth(width) - left;
  if (areLetters(tokens)) {
    const letterWidth = maxTokenWidth(lettersOf(tokens), SMALL);
    const minWidth = Math.max(MIN_LETTER_WIDTH, letterWidth);
    const rows = Math.ceil(count / Math.max(1, Math.trunc(space / minWidth)));
    return { allBands: bandsOf(plan, rows, space), tokenRise: 0, turn: 0 };
  }
  const longest = maxTokenWidth(tokens, SMALL);
  const slanted = Math.min(longest, MAX_SLANTED_LENGTH);
  const upright = Math.min(longest, MAX_UPRIGHT_LENGTH);
  // A slanted word of the last step extends to the right, up to the margin.
  // What is beyond the margin, of which two pixels stay free.
  const beyond = Math.max(0, slanted * Math.cos(Math.PI / 4) - margin(width) + 2);
  const turned = (rows, turn, length, rowSpace) => {
    const tokenLength = length + TOKEN_MARGIN + ROUNDING;
    // The height that the longest token needs above the line of horizontal ones.
    const tokenRise = Math.min(tokenLength, longest) * Math.sin((turn * Math.PI) / 180);
    return { allBands: bandsOf(plan, rows, rowSpace), turn, tokenLength, tokenRise };
  };
  for (let rows = 1; ; rows += 1) {
    const stepsPerRow = Math.ceil(count / rows);
    if (longest + WORD_GAP <= Math.min(MAX_STEP_WIDTH, space / stepsPerRow)) {
      return { allBands: bandsOf(plan, rows, space), tokenRise: 0, turn: 0 };
    }
    if ((space - beyond) / stepsPerRow >= MIN_SLANTED_WIDTH) {
      return turned(rows, 45, slanted, space - beyond);
    }
    // A row of one step has space for a vertical word.
    if (space / stepsPerRow >= MIN_UPRIGHT_WIDTH || rows === count) {
      return turned(rows, 90, upright, space);
    }
  }
}

/**
 * How often the labels of the units begin or end in a band; without any, how far c
 * moves. `band` is a `Steps`.
 */
export function movedIn(band, subject, units) {
  const { labels, unitLabels } = known.network;
  if (!unitLabels.length) return cMovedIn(band, subject, units);
  const changes = (values) => band.ts.slice(1).filter((t) => values[t] !== values[t - 1]);
  return unitLabels.reduce((sum, k) => sum + changes(labels[k].values).length, 0);
}
