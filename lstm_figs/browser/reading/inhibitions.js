// The weight by which one unit shuts the input gate of another:
// `figures/reading/inhibitions.py`.

import { f32, whole } from "../twin/numbers.js";
import { bound, box, group, path, textWidth } from "../twin/marks.js";
import {
  FINE,
  label,
  LABEL,
  middle,
  number,
  operator,
  SMALL,
  STRONG_CODE,
} from "../twin/words.js";
import { OFFERED, SHUT } from "./notes.js";

const OPEN = 0.25;
const WITHOUT = "i_without";
const PAINT = "neg";
export const BAR = 3;
const [ASIDE, NEXT] = [12, 17];

/** The weight that shuts a gate at most steps, if one does. */
export function brakeOf(subject, [shut, by]) {
  const weight = subject.parameter("weight_hh", shut, by).value;
  const without = subject.steps.map((step) =>
    subject.without(step.z_i[shut], weight, step.h_prev[by]),
  );
  const i = subject.series("i", shut).values;
  const g = subject.series("g", shut).values;
  const steps = i
    .map((_, t) => t)
    .filter((t) => i[t] <= f32(SHUT) && without[t] >= OPEN);
  const told = steps.filter((t) => t && Math.abs(g[t]) >= OFFERED);
  if (!told.length) return null;
  const gain = (t) => whole(4 * f32(without[t] - i[t]));
  const best = told.reduce((one, t) => (gain(t) > gain(one) ? t : one));
  return { shut, by, without, steps, told: best };
}

/** Python that computes the gate without the weight. */
export function brakeSetup({ shut, by }, subject) {
  const { expr } = subject.parameter("weight_hh", shut, by);
  return (
    `# The input gate of unit ${shut}, were ${expr} zero.\n` +
    `${WITHOUT} = torch.sigmoid(\n` +
    `    z_i[:, :, ${shut}] - ${expr} * h_prev[:, :, ${by}]\n)\n`
  );
}

export const gateOf = (brake, subject) => subject.series("i", brake.shut).at(brake.told);

export const unbraked = (brake, subject) => ({
  value: brake.without[brake.told],
  expr: `${WITHOUT}[${brake.told}, 0]`,
  scale: subject.steps[brake.told].scale,
});

/** First and last of its steps in a row, within a band. */
function runsOf(brake, steps) {
  const runs = [];
  for (const t of brake.steps.filter((one) => steps.has(one))) {
    if (runs.at(-1)?.[1] === t - 1) runs.at(-1)[1] = t;
    else runs.push([t, t]);
  }
  return runs;
}

/** A line under the gate wherever the weight shuts it. */
export function bars(brake, steps, y) {
  return runsOf(brake, steps).map(([first, last]) => {
    const part = `i[${first}:${last + 1}, 0, ${brake.shut}]`;
    const without = `${WITHOUT}[${first}:${last + 1}, 0]`;
    const claim =
      `bool((${part} < ${SHUT} + 1e-6).all() and ` +
      `(${without} > ${OPEN} - 1e-6).all())`;
    return box({
      x: steps.edge(first) + 1,
      y,
      width: steps.width * (last + 1 - first) - 2,
      height: BAR,
      radius: BAR / 2,
      fill: PAINT,
      id: `brake-${first}`,
      bound: [bound.node(part), bound.says({ claim })],
    });
  });
}

/** From c of the unit that shuts, at the end of the step before, to the bar. */
export function brakeLine(brake, steps, scale, c, y) {
  const t = brake.told;
  const [x, start] = [steps.edge(t), scale.at(c)];
  const [run] = runsOf(brake, steps).find(([a, b]) => a <= t && t <= b);
  const of = `${t - steps.first - 0.5}, c[${t - 1}, 0, ${brake.by}]`;
  const dot = box({
    x: x - 2.5,
    y: start - 2.5,
    width: 5,
    height: 5,
    radius: 2.5,
    fill: PAINT,
    id: "brake-from",
    bound: [bound.drawn(of, "x y", steps.scale, scale)],
  });
  const dotted = path([["M", [x, start - 3]], ["L", [x, y + 7]]], {
    stroke: PAINT,
    strokeWidth: 1.75,
    dash: "1.5 2.5",
  });
  const tip = path(
    [["M", [x, y]], ["L", [x - 4, y + 7]], ["L", [x + 4, y + 7]], ["Z"]],
    { fill: PAINT },
  );
  const flow = bound.flow("order", dot.id, `brake-${run}`);
  return [dot, group([dotted, tip], [flow])];
}

/** Where words begin right of the line, or left of it; null if nowhere. */
export function beside(edge, wide, room, away) {
  if (edge + away + wide <= room) return edge + away;
  const left = edge - away - wide;
  return left >= 0 ? left : null;
}

/** The weight, and the gate with it and without, beside the line. */
export function wordsOf(brake, subject, steps, y, room) {
  const edge = steps.edge(brake.told);
  let [lines, left] = [];
  for (lines of ways(brake, subject)) {
    left = beside(edge, widestOf(lines), room, ASIDE);
    if (left !== null) break;
  }
  if (left === null) return [[], y];
  const marks = lines.flatMap((line, k) => set(line, left, y + NEXT * k));
  return [marks, y + NEXT * (lines.length - 1)];
}

/** The weight, the gate at the step that is told, and without the weight. */
function pieces(brake, subject, beside) {
  const weight = subject.parameter("weight_hh", brake.shut, brake.by);
  const place = `[${brake.shut}, ${brake.by}]`;
  const code = { tensor: "weight_hh", row: brake.shut, input: brake.by };
  const small = (value, id) =>
    number(0, 0, value, { size: SMALL, anchor: "start", fill: "muted", id, term: "i" });
  const step = brake.told + 1;
  return [
    [
      [
        label(0, 0, `weight_hh_l0${place}`, code, ["weight"], beside, {
          style: STRONG_CODE,
          fill: "ink",
        }),
        6,
      ],
      [operator(0, 0, "=", "ink"), 6],
      [
        number(0, 0, weight, {
          size: LABEL,
          places: 1,
          anchor: "start",
          fill: "ink",
          bold: true,
          id: "weight",
          term: "weight_hh i",
        }),
        0,
      ],
    ],
    [
      [
        label(0, 0, `step ${step}`, { step }, ["braked", "unbraked"], "block", {
          style: FINE,
        }),
        12,
      ],
      [
        label(0, 0, "i gate", { gate: "i", unit: brake.shut }, ["braked"], "row", {
          style: FINE,
        }),
        5,
      ],
      [operator(0, 0, "="), 5],
      [small(gateOf(brake, subject), "braked"), 0],
    ],
    [
      [
        label(0, 0, "without it", { tensor: WITHOUT }, ["unbraked"], "row", {
          style: FINE,
        }),
        5,
      ],
      [operator(0, 0, "="), 5],
      [small(unbraked(brake, subject), "unbraked"), 0],
    ],
  ];
}

/** How it can be broken into lines, the fewest first. */
function* ways(brake, subject) {
  const [weight, gate, without] = pieces(brake, subject, "row");
  yield [weight, [...spaced(gate), ...without]];
  yield [weight, gate, without];
  const [[name, , value], [step, ...alone]] = pieces(brake, subject, "block");
  yield [[name], [...spaced([value]), step], alone, without];
}

const spaced = (line) => [...line.slice(0, -1), [line.at(-1)[0], 12]];

const widestOf = (lines) =>
  Math.max(
    ...lines.map((line) =>
      line.reduce((sum, [text, space]) => sum + (textWidth(text) + space), 0),
    ),
  );

/** A line of texts, each from the left; `y` is their middle. */
function set(line, x, y) {
  return line.map(([text, space]) => {
    const wide = textWidth(text);
    const half = text.anchor === "middle" ? wide / 2 : 0;
    const placed = { ...text, x: x + half, y: y + middle(text.size) };
    x += wide + space;
    return placed;
  });
}
