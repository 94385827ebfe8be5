// The title for a network of anybody's, in place of `reading/title.js`: `_plain_title`.

import { f32 } from "../twin/numbers.js";
import { sentence } from "../twin/words.js";

/** A gate at most this far from one half neither opens nor shuts. */
const MAX_HALF_OPEN = 0.4;

/**
 * A title that is true for any units, or for those of an untrained network; its
 * parameter is a `Plan`.
 */
export function title({ reader, subject, units: [unit, ...others] }) {
  const isHalfOpen = (gate) => Math.abs(f32(gate - 0.5)) <= f32(MAX_HALF_OPEN);
  const areAllHalfOpen = subject.steps.every(({ i, f, o }) =>
    [...i, ...f, ...o].every(isHalfOpen),
  );
  if (areAllHalfOpen && !reader.outputs.length) {
    return sentence(
      "No gate opens or shuts, as before training",
      [],
      `not (abs(torch.stack([i, f, o])[:, :, 0] - 0.5) > ${MAX_HALF_OPEN} + 1e-6).any()`,
    );
  }
  const [count, words] = others.length
    ? [others.length + 1, "{} units keep, write and show"]
    : [unit, "unit {} keeps, writes and shows"];
  return sentence(`What ${words}`, [[count, count]]);
}
