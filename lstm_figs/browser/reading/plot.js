// The cell state of a unit over a band of steps: `figures/reading/plot.py`.

import { bound, path, shift } from "../twin/marks.js";
import { stepLine, tickText } from "../twin/over_time.js";
import { arrow } from "./moves.js";
import { scaleOf } from "./note_places.js";
import { ticks } from "./plan.js";
import { tick } from "../twin/words.js";

/** The colour of the area between c and zero. */
const AREA_PAINT = "pos:6";
/** The colour of c of the network as it was trained, which is behind c as edited. */
const TRAINED_PAINT = "ink:40";
/** The length of an axis line that remains at its ends beside a note. */
const STUB_LENGTH = 2;
/** The gaps between an axis line and a note, and between it and its tick label. */
const NOTE_GAP = 4;
export const TICK_GAP = 7;

/**
 * The c of a unit with its arrows and notes, and its scale.
 *
 * - `plan`: the layout, a `Plan`
 * - `steps`: the columns of the band, a `Steps`
 * - `y`: the top of the plot
 * - `placed`: the notes at their places, see `formNotes`
 */
export function plot(plan, steps, y, unit, placed) {
  const scale = scaleOf(plan, unit).moved(y);
  const c = plan.subject.series("c", unit).slice(steps.first, steps.stop);
  const boxes = placed.map(({ box }) => ({
    ...box,
    top: box.top + y,
    bottom: box.bottom + y,
  }));
  const marks = [
    area(steps, scale, c, `area-${steps.first}-${unit}`),
    ...axis(plan, steps, scale, boxes),
  ];
  if (plan.counts(unit)) marks.push(depth(plan.reader, steps, scale));
  if (plan.trainedRun?.units.includes(unit)) {
    marks.push(trained(plan.trainedRun, steps, unit, scale));
  }
  marks.push(
    stepLine(steps, scale, c, "ink", {
      strokeWidth: 2.5,
      id: `c-${steps.first}-${unit}`,
      term: "c",
    }),
    ...plan
      .arrows(steps, unit)
      .map((move) => arrow(move, plan.subject, steps, scale, plan.hasThinArrows)),
    ...placed.flatMap((placedNote) =>
      placedNote.marks().map((mark) => shift(mark, 0, y)),
    ),
  );
  return [marks, scale];
}

/** The number of open brackets. */
const depth = (reader, steps, scale) =>
  stepLine(steps, scale, reader.depth.slice(steps.first, steps.stop), "muted", {
    strokeWidth: 1.25,
    dash: "5 3",
    id: `depth-${steps.first}`,
  });

/** The c of a unit as it was trained. */
const trained = (trainedRun, steps, unit, scale) =>
  stepLine(steps, scale, trainedRun.over(unit, steps), TRAINED_PAINT, {
    strokeWidth: 2.5,
    id: `trained-${steps.first}-${unit}`,
  });

/** The area between c and zero. */
function area(steps, scale, c, id) {
  const zero = scale.at(0);
  const run = steps.ts.flatMap((t, k) => {
    const [x, y] = [steps.edge(t), scale.at(c.values[k])];
    return [
      [x, y],
      [x + steps.width, y],
    ];
  });
  const others = [...run.slice(1), [run.at(-1)[0], zero], [run[0][0], zero]];
  const d = [["M", run[0]], ...others.map((point) => ["L", point]), ["Z"]];
  const edges = `torch.stack([torch.zeros(${c.length}), ${c.part}])`;
  return path(d, {
    fill: AREA_PAINT,
    compact: true,
    id,
    bound: [bound.draws(edges, "area", steps.scale, scale)],
  });
}

/** Grid lines at round values, interrupted by notes, and their ticks. */
function axis(plan, steps, scale, boxes) {
  return ticks(scale.low, scale.high, plan.pixels).flatMap((value) => {
    const y = scale.at(value);
    // The ends of a line stay visible, also where a note covers them.
    const [least, most] = [steps.left + STUB_LENGTH, steps.right - STUB_LENGTH];
    const cuts = boxes
      .filter((box) => box.top - 1 < y && y < box.bottom + 1)
      .map((box) => [
        Math.max(box.left - NOTE_GAP, least),
        Math.min(box.right + NOTE_GAP, most),
      ])
      .sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    const d = [];
    let x = steps.left;
    for (const [left, right] of [...cuts, [steps.right, steps.right]]) {
      if (left > x) d.push(["M", [x, y]], ["L", [left, y]]);
      // Notes may overlap, so the line goes on at the farthest end so far.
      x = Math.max(x, right);
    }
    const stroke = value === 0 ? "muted" : "rule";
    return [
      path(d, { stroke, strokeWidth: 0.75 }),
      tick(steps.left - TICK_GAP, y, tickText(value)),
    ];
  });
}
