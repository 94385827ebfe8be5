// Lanes over the steps: `layout/motifs/over_time.py`; the columns of a lane are one path.

import { general, MINUS, rounded } from "./numbers.js";
import { bound, box, path, Scale, textLeft } from "./marks.js";
import { FINE, label, LINE, NOTE, paragraph, sentence, SMALL, width } from "./words.js";

/** The verb of each gate. */
export const VERBS = { f: "keep", i: "write", g: "new", o: "show" };
/** The empty part of a column. */
const EMPTY_PAINT = "muted:14";
/** The share of a column's width that is left empty. */
export const GAP_SHARE = 0.12;
/** The minimum gap between the ticks of a horizontal axis. */
const TICK_GAP = 3;

/**
 * A row of steps as columns of one width.
 *
 * - `first, count`: the first step, from 0, and how many there are
 * - `left, width`: the left of the first column, and the width of each
 * - `stop, ts`: one past the last step, and all of them
 */
export class Steps {
  constructor(first, count, left, width) {
    Object.assign(this, { first, count, left, width });
    this.stop = first + count;
    this.ts = Array.from({ length: count }, (_, k) => first + k);
  }

  /** Whether a step is in this row. */
  has(t) {
    return t >= this.first && t < this.stop;
  }

  /** The right edge of the last column. */
  get right() {
    return this.left + this.count * this.width;
  }

  /** The scale from a step, relative to the first, to the middle of its column. */
  get scale() {
    const first = this.left + this.width / 2;
    return new Scale(0, 1, first, first + this.width);
  }

  /** The left edge of a step's column. */
  edge(t) {
    return this.left + (t - this.first) * this.width;
  }

  /** The middle of a step's column. */
  middle(t) {
    return this.edge(t) + this.width / 2;
  }

  /** The id of the path of all columns of a row. */
  columnId(id) {
    return id.replace("{t}", this.first ? `from${this.first}` : "all");
  }
}

/** The least space between the numbers of two steps. */
const LABEL_GAP = 5;
/** From one number to the next, 24 pixels are enough unless the numbers are long. */
const LABEL_PITCH = 24;
/** A step has a number if it is a multiple of the first of these that has space. */
const INTERVALS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

/**
 * The numbers of steps, as many as fit, after the word step.
 *
 * - `steps`: the columns of the band, a `Steps`
 * - `y`: the middle of the numbers
 * - `of`: the ids of the marks that the numbers name
 */
export function stepLabels(steps, y, of) {
  const labels = steps.ts.map((t) => t + 1);
  const wide = width(String(labels.at(-1)), SMALL);
  const needed = Math.max(Math.min(LABEL_PITCH, 10 + wide), LABEL_GAP + wide);
  const interval = INTERVALS.find((count) => count * steps.width >= needed);
  let labelled = labels.map((_, k) => k).filter((k) => labels[k] % interval === 0);
  // The first step has its number too, unless the next number is near.
  if (labels[0] % interval && (!labelled.length || labelled[0] * 2 > interval)) {
    labelled = [0, ...labelled];
  }
  const numbers = labelled.map((k) =>
    label(
      steps.middle(steps.first + k),
      y,
      String(labels[k]),
      { step: labels[k] },
      of,
      "column",
      { style: FINE, anchor: "middle" },
    ),
  );
  // A long first number is wider than its column.
  const right = Math.min(steps.left - 6, ...numbers.map((mark) => textLeft(mark) - 4));
  const [step] = paragraph(right, y - (LINE * SMALL) / NOTE / 2, sentence("step"), 40, {
    size: SMALL,
    anchor: "end",
  });
  return [step, ...numbers];
}

/**
 * Columns filled from 0 to each value.
 *
 * - `steps`: the columns of the band, a `Steps`
 * - `top, height`: of the row
 * - `values`: the value of each step, a `Vector`
 * - `paint`: the colour of the filled part
 * - `id`: the id of all columns, with {t} for the steps
 * - `term`: the term that they light up with
 * - `low`: the low end of the range, 0 or -1; the high end is 1
 */
export function columns(steps, top, height, values, paint, { id, term, low = 0 }) {
  const scale = new Scale(low, 1, top + height, top);
  const zero = scale.at(0);
  const gap = Math.min(2, GAP_SHARE * steps.width);
  const d = steps.ts.flatMap((t, k) => {
    const y = scale.at(Math.min(1, Math.max(low, values.values[k])));
    const left = steps.edge(t) + gap / 2;
    const right = steps.edge(t) + (steps.width - gap / 2);
    const corners = [
      [right, y],
      [right, zero],
      [left, zero],
    ];
    return [["M", [left, y]], ...corners.map((point) => ["L", point]), ["Z"]];
  });
  const edges = `torch.stack([torch.zeros(${values.length}), ${values.part}])`;
  return [
    box({
      x: steps.left,
      y: top,
      width: steps.right - steps.left,
      height,
      fill: EMPTY_PAINT,
    }),
    path(d, {
      compact: true,
      fill: paint,
      id: steps.columnId(id),
      term,
      bound: [bound.draws(edges, "area", steps.scale, scale)],
    }),
  ];
}

/**
 * A step line: each value holds for the width of its step.
 *
 * - `steps`: the columns of the band, a `Steps`
 * - `scale`: from a value to its y
 * - `values`: the value of each step, a `Vector`
 * - `paint`: the colour of the line
 */
export function stepLine(
  steps,
  scale,
  values,
  paint,
  { strokeWidth, dash = "", id, term = "" },
) {
  const d = steps.ts.flatMap((t, k) => {
    const y = scale.at(values.values[k]);
    return [
      [k ? "L" : "M", [steps.edge(t), y]],
      ["L", [steps.edge(t) + steps.width, y]],
    ];
  });
  const course = bound.draws(values.part, "path", steps.scale, scale);
  return path(d, { stroke: paint, strokeWidth, dash, id, term, bound: [course] });
}

/** The text of a tick. */
export const tickText = (value) =>
  general(value).replace("e-0", "e-").replace("e+0", "e").replaceAll("-", MINUS);

/** At most `maxTicks` round values from `low` to `high`, with 0. */
export function ticks(low, high, maxTicks) {
  const power = Math.floor(Math.log10((high - low) / maxTicks)) - 1;
  // 1, 2 or 5 times a power of ten; with many ticks, small steps look like whole ones.
  const step = [0, 1, 2, 3]
    .flatMap((k) => [1, 2, 5].map((nice) => nice * Number(`1e${power + k}`)))
    .find(
      (candidate) =>
        // There is one tick more than steps; 1e-9 allows for float errors.
        (high - low) / candidate <= maxTicks - 1 + 1e-9 &&
        (candidate >= 1 || high - low < 1.5),
    );
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  const places = Math.max(0, -Math.floor(Math.log10(step)));
  return Array.from(
    { length: last - first + 1 },
    (_, k) => rounded((first + k) * step, places) || 0,
  );
}

/**
 * Round values of a horizontal axis, as many as fit.
 *
 * - `scale`: from a value to its x
 * - `maxTicks`: the most of them
 * - `left, right`: the bounds that their texts must not cross
 */
export function ticksAcross(scale, maxTicks, left, right) {
  let within;
  for (let count = maxTicks; count > 1; count--) {
    within = ticks(scale.low, scale.high, count)
      .map((value) => {
        const half = width(tickText(value), SMALL) / 2;
        return { value, start: scale.at(value) - half, stop: scale.at(value) + half };
      })
      .filter(({ start, stop }) => left <= start && stop <= right);
    const isApart = (tick, k) => !k || tick.start - within[k - 1].stop >= TICK_GAP;
    if (within.every(isApart)) break;
  }
  return within.map(({ value }) => value);
}
