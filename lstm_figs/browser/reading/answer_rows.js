// One row of answers, for networks whose truth is known or not:
// `figures/reading/answers.py`.

import { columns } from "../twin/over_time.js";
import { FINE, label, SMALL, width } from "../twin/words.js";

/** The gap between two rows of answers, and between their names and the columns. */
export const GAP = 6;

/**
 * The name of answer `k`, and its value as a column at each step.
 *
 * - `plan`: the layout, a `Plan`
 * - `name`: the question that it answers
 * - `values`: the answer at each step, a `Vector`
 * - `steps`: the columns of the band, a `Steps`
 * - `y`: the top of the row
 */
export function answerRow(plan, name, k, values, steps, y) {
  const height = plan.sizes.laneHeight;
  const id = `says-{t}-${k}`;
  const [shortText, expr] = shortName(name, `outputs[${k}]`, plan.left, plan.isNarrow);
  const names = { tensor: "answers", row: k };
  const nameLabel = label(0, y + height / 2, shortText, names, [steps.columnId(id)], "band", {
    style: FINE,
    fill: "ink",
    says: { values: [[shortText, expr]] },
  });
  return [nameLabel, ...columns(steps, y, height, values, "ink:60", { id, term: "" })];
}

/** The name of an answer, cut to `maxWidth`, and its expression. */
function shortName(fullName, of, maxWidth, isNarrow) {
  const name = isNarrow ? fullName.split(" ").at(-1) : fullName;
  const expr = isNarrow ? `${of}.split()[-1]` : of;
  let [short, cut] = [name, name.length];
  while (width(short, SMALL) > maxWidth - GAP) {
    cut -= 1;
    short = `${name.slice(0, cut)}…`;
  }
  return [short, short === name ? expr : `${expr}[:${cut}] + "…"`];
}
