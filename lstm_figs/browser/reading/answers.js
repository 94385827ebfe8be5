// What the network answers after each step, and what is true:
// `figures/reading/answers.py`.

import { bound, box, path } from "../twin/marks.js";
import { columns, GAP } from "../twin/over_time.js";
import { FINE, label, SMALL, width } from "../twin/words.js";

const APART = 6;
const SHADE = "ink:5";
const RIGHT = [(t) => `inside[${t}]`, (t) => `(depth[${t}] == 0)`];
const TRUE = [
  (first, last) => `bool(inside[${first}:${last}].all())`,
  (first, last) => `bool((depth[${first}:${last}] == 0).all())`,
];

/** How sure the network is of each answer, around it what is true. */
export function answers(plan, reader, steps, y) {
  const marks = [];
  const high = plan.sizes.lane;
  const { depth, inside } = plan.subject.truth;
  const truths = [inside, depth.map((one) => !one)];
  reader.outputs.forEach((name, k) => {
    const id = `says-{t}-${k}`;
    const values = reader.answered(k).slice(steps.first, steps.stop);
    marks.push(...columns(steps, y, high, values, "ink:60", { id, term: "" }));
    for (const [first, last] of runs(truths[k], steps)) {
      marks.push(
        box({
          x: steps.edge(first) + 0.5,
          y: y - 1,
          width: (last - first) * steps.width - 1,
          height: high + 2,
          radius: 2,
          stroke: "ink",
          dash: "2.5 2",
          bound: [bound.says({ claim: TRUE[k](first, last) })],
        }),
      );
    }
    marks.push(...wrong(values, truths[k], k, steps, y, high));
    const [said, expr] = called(name, `outputs[${k}]`, plan.left, plan.narrow);
    const names = { tensor: "answers", row: k };
    marks.push(
      label(0, y + high / 2, said, names, [steps.columnId(id)], "band", {
        style: FINE,
        fill: "ink",
        says: { values: [[said, expr]] },
      }),
    );
    y += high + APART;
  });
  return [marks, y - APART];
}

/** A struck frame around each answer that is wrong. */
function wrong(values, truth, k, steps, y, high) {
  return steps.ts.flatMap((t, at) => {
    const answer = values.at(at);
    if (answer.value > 0.5 === truth[t]) return [];
    const gap = Math.min(2, GAP * steps.width);
    const [x, wide] = [steps.edge(t) + gap / 2, steps.width - gap];
    const claim = `bool((${answer.expr} > 0.5) != ${RIGHT[k](t)})`;
    return path(struck(x + 0.75, y + 0.75, wide - 1.5, high - 1.5), {
      stroke: "neg",
      strokeWidth: 1.5,
      id: `wrong-${t}-${k}`,
      bound: [bound.node(answer.expr), bound.says({ claim })],
    });
  });
}

/** A rectangle and the line from its lower left to its upper right. */
export function struck(x, y, wide, high) {
  const [right, bottom] = [x + wide, y + high];
  return [
    ["M", [x, y]],
    ["L", [right, y]],
    ["L", [right, bottom]],
    ["L", [x, bottom]],
    ["Z"],
    ["M", [x, bottom]],
    ["L", [right, y]],
  ];
}

/** First and one past the last of steps in a row that have a flag. */
function runs(flags, steps) {
  const found = [];
  for (const t of steps.ts.filter((one) => flags[one])) {
    if (found.at(-1)?.[1] === t) found.at(-1)[1] = t + 1;
    else found.push([t, t + 1]);
  }
  return found;
}

/** A plane behind what is read inside quotes, with both of the marks. */
export function shades(subject, steps, top, bottom) {
  const { inside } = subject.truth;
  const quoted = inside.map((now, t) => now || (t > 0 && inside[t - 1]));
  return runs(quoted, steps).map(([first, last]) => {
    const closed = !inside[last - 1];
    let claim = `bool(inside[${first}:${last - closed}].all())`;
    if (closed) claim += ` and text[${last - 1}] == '"'`;
    return box({
      x: steps.edge(first),
      y: top,
      width: (last - first) * steps.width,
      height: bottom - top,
      radius: 3,
      fill: SHADE,
      id: `quotes-${first}`,
      bound: [bound.says({ claim })],
    });
  });
}

/** What an answer is called where there is room, and its expression. */
function called(whole, of, room, narrow) {
  const name = narrow ? whole.split(" ").at(-1) : whole;
  const expr = narrow ? `${of}.split()[-1]` : of;
  let [said, cut] = [name, name.length];
  while (width(said, SMALL) > room - 6) {
    cut -= 1;
    said = `${name.slice(0, cut)}…`;
  }
  return [said, said === name ? expr : `${expr}[:${cut}] + "…"`];
}
