// The network's answers and the truth: `figures/reading/reader.py`.

import { f32 } from "../twin/numbers.js";
import { known } from "../twin/known.js";
import { Vector } from "../twin/subject.js";

/** From this correlation on, c of a unit counts as following the depth. */
const MIN_CORRELATION = 0.95;

/** A list in Python. */
const list = (all) => `[${all.join(", ")}]`;

/** The expression of the one of these units that counts open brackets. */
export const countingExpression = (units) =>
  `[k for k in ${list(units)} if torch.corrcoef(torch.stack(` +
  `[c[:, 0, k], depth.float()]))[0, 1] > ${MIN_CORRELATION}][0]`;
/** The expression of the one of these units that is on in quotes. */
export const quoteExpression = (units) =>
  `[k for k in ${list(units)} if ((c[:, 0, k] > 0.5) == inside).all()][0]`;

/**
 * The answers of the network, and what its units do.
 *
 * - `outputs`: the questions that it answers
 * - `trained`: whether it is as trained, without edits
 * - `countingUnit`: the unit whose c follows the depth, if any
 * - `quoteUnit`: the unit that is on in quotes, if any
 * - `depth`: the number of open brackets at each step
 */
export function readerOf(subject, units) {
  const { depth, inside } = subject.truth;
  const of = (unit) => subject.series("c", unit).values;
  return {
    outputs: known.network.outputs,
    trained: subject.trained && !subject.edited,
    countingUnit: units.find((unit) => follows(of(unit), depth)),
    quoteUnit: units.find((unit) => isOnInQuotes(of(unit), inside)),
    depth: new Vector(
      depth,
      "depth",
      depth.map(() => 0),
      [],
    ),
  };
}

/** Whether c of a unit rises and falls with the depth: whether both correlate. */
function follows(c, depth) {
  const spread = (values) => Math.max(...values) - Math.min(...values);
  // Too few steps correlate by chance, and what is constant has no correlation.
  if (c.length < 4 || !spread(c) || !spread(depth)) return false;
  const away = [c, depth].map((values) => {
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    return values.map((row) => row - mean);
  });
  const both = ([a, b]) => a.reduce((sum, value, k) => sum + value * b[k], 0);
  const [first, second] = away.map((value) => both([value, value]));
  return f32(both(away) / Math.sqrt(first * second)) > MIN_CORRELATION;
}

/** Whether c of a unit is above one half exactly in quotes. */
const isOnInQuotes = (c, inside) =>
  inside.some(Boolean) && c.every((values, t) => values > 0.5 === inside[t]);
