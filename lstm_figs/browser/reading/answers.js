// The network's answers after each step, and the right answers:
// `figures/reading/answers.py`.

import { bound, box, path } from "../twin/marks.js";
import { GAP_SHARE } from "../twin/over_time.js";
import { sentence } from "../twin/words.js";
import { answerRow, GAP } from "./answer_rows.js";

/** How far the outline of right answers is inside their steps, and around them. */
const [OUTLINE_INSET, OUTLINE_GAP] = [0.5, 1];
/** The thickness of the frame of a wrong answer. */
const FRAME_WIDTH = 1.5;
/** The colour behind quoted characters. */
const SHADE_PAINT = "ink:5";
/** For each answer, the expression of the right answer at a step. */
const RIGHT_ANSWERS = [(t) => `inside[${t}]`, (t) => `(depth[${t}] == 0)`];
/**
 * For each answer, the claim that the right answer is yes throughout `[first:last]`.
 */
const RUN_CLAIMS = [
  (first, last) => `bool(inside[${first}:${last}].all())`,
  (first, last) => `bool((depth[${first}:${last}] == 0).all())`,
];

/**
 * One row of columns for each answer, with dashed outlines where the answer is yes; and
 * their bottom.
 *
 * - `plan`: the layout, a `Plan`
 * - `reader`: the answers, see `readerOf`
 * - `steps`: the columns of the band, a `Steps`
 * - `y`: the top of the first row
 */
export function answers(plan, reader, steps, y) {
  const marks = [];
  const height = plan.sizes.laneHeight;
  const { depth, inside } = plan.subject.truth;
  const expected = [inside, depth.map((count) => !count)];
  reader.outputs.forEach((name, k) => {
    const values = plan.subject.answerSeries(k).slice(steps.first, steps.stop);
    const [nameLabel, ...bars] = answerRow(plan, name, k, values, steps, y);
    marks.push(...bars, ...outlines(expected[k], k, steps, y, height));
    marks.push(...wrong(values, expected[k], k, steps, y, height), nameLabel);
    y += height + GAP;
  });
  return [marks, y - GAP];
}

/**
 * An outline around the steps at which yes is right. `expected` says where, and `k` is
 * the index of the answer.
 */
const outlines = (expected, k, steps, y, height) =>
  runs(expected, steps).map(([first, last]) =>
    box({
      x: steps.edge(first) + OUTLINE_INSET,
      y: y - OUTLINE_GAP,
      width: (last - first) * steps.width - 2 * OUTLINE_INSET,
      height: height + 2 * OUTLINE_GAP,
      radius: 2,
      stroke: "ink",
      dash: "2.5 2",
      bound: [bound.says({ claim: RUN_CLAIMS[k](first, last) })],
    }),
  );

/**
 * A crossed-out frame around each wrong answer.
 *
 * - `values`: the answer at each step, a `Vector`
 * - `expected`: at each step, whether yes is right
 * - `k`: the index of the answer
 */
function wrong(values, expected, k, steps, y, height) {
  return steps.ts.flatMap((t, at) => {
    const answer = values.at(at);
    if (answer.value > 0.5 === expected[t]) return [];
    const gap = Math.min(2, GAP_SHARE * steps.width);
    const [x, width] = [steps.edge(t) + gap / 2, steps.width - gap];
    const claim = `bool((${answer.expr} > 0.5) != ${RIGHT_ANSWERS[k](t)})`;
    const half = FRAME_WIDTH / 2;
    const size = [width - FRAME_WIDTH, height - FRAME_WIDTH];
    return path(struckFrame(x + half, y + half, ...size), {
      stroke: "neg",
      strokeWidth: FRAME_WIDTH,
      id: `wrong-${t}-${k}`,
      bound: [bound.node(answer.expr), bound.says({ claim })],
    });
  });
}

/**
 * A rectangle with a line from its lower left to its upper right, as the commands of a
 * path.
 */
export function struckFrame(x, y, width, height) {
  const [right, bottom] = [x + width, y + height];
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

/** Runs of consecutive steps with a flag: the first, and one past the last. */
function runs(flags, steps) {
  const ranges = [];
  for (const t of steps.ts.filter((step) => flags[step])) {
    if (ranges.at(-1)?.[1] === t) ranges.at(-1)[1] = t + 1;
    else ranges.push([t, t + 1]);
  }
  return ranges;
}

/** The entry of the shades in the legend: how the ids of their marks begin, the caption. */
export const shadeEntry = ["quotes", sentence("in quotes")];

/**
 * A shade behind each quoted part, quotation marks included; here the truth is known.
 *
 * - `subject`: the run
 * - `steps`: the columns of the band, a `Steps`
 * - `top, bottom`: of the shades
 */
export function shades(subject, steps, top, bottom) {
  const { inside } = subject.truth;
  // After the closing mark, the network is outside; the mark belongs to the part.
  const quoted = inside.map((now, t) => now || (t > 0 && inside[t - 1]));
  return runs(quoted, steps).map(([first, last]) => {
    // The last step of a part is its closing mark, unless the text ends in quotes.
    const closed = !inside[last - 1];
    const end = closed ? last - 1 : last;
    let claim = `bool(inside[${first}:${end}].all())`;
    if (closed) claim += ` and text[${last - 1}] == '"'`;
    return box({
      x: steps.edge(first),
      y: top,
      width: (last - first) * steps.width,
      height: bottom - top,
      radius: 3,
      fill: SHADE_PAINT,
      id: `quotes-${first}`,
      bound: [bound.says({ claim })],
    });
  });
}
