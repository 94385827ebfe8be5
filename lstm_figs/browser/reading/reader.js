// What the network answers, and what is true: `figures/reading/reader.py`.

import { f32 } from "../twin/numbers.js";
import { known } from "../twin/known.js";
import { Vector } from "../twin/subject.js";

const FOLLOWS = 0.95;

const list = (all) => `[${all.join(", ")}]`;

/** The expressions of the units that count and that tell. */
export const following = (units) =>
  `[k for k in ${list(units)} if torch.corrcoef(torch.stack(` +
  `[c[:, 0, k], depth.float()]))[0, 1] > ${FOLLOWS}][0]`;
export const telling = (units) =>
  `[k for k in ${list(units)} if ((c[:, 0, k] > 0.5) == inside).all()][0]`;

export function readerOf(subject, units) {
  const { depth, inside } = subject.truth;
  const of = (unit) => subject.series("c", unit).values;
  const zeros = depth.map(() => 0);
  return {
    outputs: known.network.outputs,
    trained: subject.trained && !subject.edited,
    counting: units.find((unit) => follows(of(unit), depth)),
    telling: units.find((unit) => tells(of(unit), inside)),
    answered: (k) =>
      new Vector(
        subject.answers.map((one) => one[k]),
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
    return values.map((one) => one - mean);
  });
  const both = ([a, b]) => a.reduce((sum, one, k) => sum + one * b[k], 0);
  const [first, second] = away.map((one) => both([one, one]));
  return f32(both(away) / Math.sqrt(first * second)) > FOLLOWS;
}

const tells = (c, inside) =>
  inside.some(Boolean) && c.every((one, t) => one > 0.5 === inside[t]);
