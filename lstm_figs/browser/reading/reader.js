// The network's answers and the truth: `figures/reading/reader.py`.

import { f32 } from "../twin/numbers.js";
import { known } from "../twin/known.js";
import { Vector } from "../twin/subject.js";

const MIN_CORRELATION = 0.95;

const list = (all) => `[${all.join(", ")}]`;

/** Expressions for the unit that counts, and for the unit that is on in quotes. */
export const countingExpression = (units) =>
  `[k for k in ${list(units)} if torch.corrcoef(torch.stack(` +
  `[c[:, 0, k], depth.float()]))[0, 1] > ${MIN_CORRELATION}][0]`;
export const quoteExpression = (units) =>
  `[k for k in ${list(units)} if ((c[:, 0, k] > 0.5) == inside).all()][0]`;

export function readerOf(subject, units) {
  const { depth, inside } = subject.truth;
  const of = (unit) => subject.series("c", unit).values;
  const zeros = depth.map(() => 0);
  return {
    outputs: known.network.outputs,
    trained: subject.trained && !subject.edited,
    countingUnit: units.find((unit) => follows(of(unit), depth)),
    quoteUnit: units.find((unit) => isOnInQuotes(of(unit), inside)),
    answerSeries: (k) =>
      new Vector(
        subject.answers.map((row) => row[k]),
        "answers",
        zeros,
        [0, k],
      ),
    depth: new Vector(depth, "depth", zeros, []),
  };
}

function follows(c, depth) {
  const spread = (values) => Math.max(...values) - Math.min(...values);
  if (c.length < 4 || !spread(c) || !spread(depth)) return false;
  const away = [c, depth].map((values) => {
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    return values.map((row) => row - mean);
  });
  const both = ([a, b]) => a.reduce((sum, value, k) => sum + value * b[k], 0);
  const [first, second] = away.map((value) => both([value, value]));
  return f32(both(away) / Math.sqrt(first * second)) > MIN_CORRELATION;
}

const isOnInQuotes = (c, inside) =>
  inside.some(Boolean) && c.every((values, t) => values > 0.5 === inside[t]);
