// Lanes over the steps: `layout/motifs/over_time.py`, of columns that are one area.

import { general, MINUS, rounded } from "./numbers.js";
import { bound, box, path, Scale, text, textLeft, textWidth } from "./marks.js";
import { FINE, label, LINE, NOTE, paragraph, sentence, SMALL, width } from "./words.js";

export const VERBS = { f: "keep", i: "write", g: "new", o: "show" };
const EMPTY = "muted:14";
export const GAP = 0.12;
const APART = 3;

/** Where steps stand, as columns of one width. */
export class Steps {
  constructor(first, count, left, width) {
    Object.assign(this, { first, count, left, width });
    this.stop = first + count;
    this.ts = Array.from({ length: count }, (_, k) => first + k);
  }

  has(t) {
    return t >= this.first && t < this.stop;
  }

  get right() {
    return this.left + this.count * this.width;
  }

  get scale() {
    const first = this.left + this.width / 2;
    return new Scale(0, 1, first, first + this.width);
  }

  edge(t) {
    return this.left + (t - this.first) * this.width;
  }

  middle(t) {
    return this.edge(t) + this.width / 2;
  }

  /** The id of what all columns of a row are. */
  columnId(id) {
    return id.replace("{t}", this.first ? `from${this.first}` : "all");
  }
}

/** The least space between the numbers of two steps. */
const BETWEEN = 5;

/** The numbers of steps, as many as have room. */
export function named(steps, y, of) {
  const labels = steps.ts.map((t) => t + 1);
  const wide = width(String(labels.at(-1)), SMALL);
  const room = Math.max(Math.min(24, 10 + wide), BETWEEN + wide);
  const apart = [1, 2, 5, 10, 20, 50, 100].find((one) => one * steps.width >= room);
  let wanted = labels.map((_, k) => k).filter((k) => labels[k] % apart === 0);
  if (labels[0] % apart && (!wanted.length || wanted[0] * 2 > apart)) {
    wanted = [0, ...wanted];
  }
  const numbers = wanted.map((k) =>
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
  // A long first number reaches beyond its column.
  const right = Math.min(steps.left - 6, ...numbers.map((one) => textLeft(one) - 4));
  const [step] = paragraph(right, y - (LINE * SMALL) / NOTE / 2, sentence("step"), 40, {
    size: SMALL,
    anchor: "end",
  });
  return [step, ...numbers];
}

const UNSEEN = /^[\p{C}\p{Z}]$/u;

/** A character as it is seen: a space is a sign, and what is not seen a box. */
export const visible = (token) =>
  token === " " || token === "\u00a0" ? "␣" : UNSEEN.test(token) ? "□" : token;

/** What is read at each step, above it; characters are never cut. */
export function tokens(steps, y, read, of, { size, strong }) {
  return steps.ts
    .filter((t) => read[t] !== " ")
    .map((t) => {
      const token = visible(read[t]);
      const bold = strong.has(t);
      return label(steps.middle(t), y, token, { step: t + 1 }, of, "column", {
        style: { size, bold, mono: true, fill: "muted" },
        anchor: "middle",
        fill: bold || !strong.size ? "ink" : "muted",
        says: { values: [[token, `tokens[${t}]`]] },
      });
    });
}

export const widest = (read, size) =>
  Math.max(
    ...[...new Set(read)].map((one) =>
      textWidth(text(0, 0, visible(one), size, { mono: true })),
    ),
  );

/** Columns as full as values are: from `low`, 0 or -1, to 1. */
export function columns(steps, top, height, values, fill, { id, term, low = 0 }) {
  const scale = new Scale(low, 1, top + height, top);
  const zero = scale.at(0);
  const gap = Math.min(2, GAP * steps.width);
  const d = steps.ts.flatMap((t, k) => {
    const y = scale.at(Math.min(1, Math.max(low, values.values[k])));
    const left = steps.edge(t) + gap / 2;
    const right = steps.edge(t) + (steps.width - gap / 2);
    const corners = [[right, y], [right, zero], [left, zero]];
    return [["M", [left, y]], ...corners.map((one) => ["L", one]), ["Z"]];
  });
  const edges = `torch.stack([torch.zeros(${values.length}), ${values.part}])`;
  return [
    box({ x: steps.left, y: top, width: steps.right - steps.left, height, fill: EMPTY }),
    path(d, {
      compact: true,
      fill,
      id: steps.columnId(id),
      term,
      bound: [bound.drawn(edges, "area", steps.scale, scale)],
    }),
  ];
}

/** A value that holds for the width of its step. */
export function line(steps, scale, values, stroke, { strokeWidth, dash = "", id, term = "" }) {
  const d = steps.ts.flatMap((t, k) => {
    const y = scale.at(values.values[k]);
    return [
      [k ? "L" : "M", [steps.edge(t), y]],
      ["L", [steps.edge(t) + steps.width, y]],
    ];
  });
  const course = bound.drawn(values.part, "path", steps.scale, scale);
  return path(d, { stroke, strokeWidth, dash, id, term, bound: [course] });
}

/** A value of an axis, as a tick says it. */
export const said = (value) =>
  general(value).replace("e-0", "e-").replace("e+0", "e").replaceAll("-", MINUS);

/** Round values from `low` to `high`, 0 among them. */
export function ticks(low, high, most) {
  const power = Math.floor(Math.log10((high - low) / most)) - 1;
  const step = [0, 1, 2, 3]
    .flatMap((k) => [1, 2, 5].map((nice) => nice * Number(`1e${power + k}`)))
    .find(
      (one) => (high - low) / one <= most - 1 + 1e-9 && (one >= 1 || high - low < 1.5),
    );
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  const places = Math.max(0, -Math.floor(Math.log10(step)));
  return Array.from(
    { length: last - first + 1 },
    (_, k) => rounded((first + k) * step, places) || 0,
  );
}

/** Round values of an axis from left to right, as many as have room. */
export function ticksAcross(scale, most, left, right) {
  let within;
  for (let count = most; count > 1; count--) {
    within = ticks(scale.low, scale.high, count)
      .map((value) => {
        const half = width(said(value), SMALL) / 2;
        return { value, start: scale.at(value) - half, stop: scale.at(value) + half };
      })
      .filter(({ start, stop }) => left <= start && stop <= right);
    if (within.every((one, k) => !k || one.start - within[k - 1].stop >= APART)) break;
  }
  return within.map(({ value }) => value);
}
