// The marks of a figure: `scene/marks.py`, `scene/metrics.py`, and their bindings:
// `proof/bindings.py`.

import { general } from "./numbers.js";
import { known } from "./known.js";

/** The columns of a text in a monospace font; some scripts take two a character. */
export function columnCount(text) {
  let sum = 0;
  for (const character of text) {
    const isSingle =
      character.codePointAt(0) < known.single || character in known.regular;
    sum += isSingle ? 1 : 2;
  }
  return sum;
}

/**
 * The width of a text in DejaVu Sans, which has 2048 units for the size of a letter.
 */
export function widthOf(text, size, { bold = false, mono = false } = {}) {
  if (mono) return (columnCount(text) * known.mono * size) / 2048;
  const advances = bold ? known.bold : known.regular;
  let sum = 0;
  // A character that is not in the tables is as wide as its size.
  for (const character of text) sum += advances[character] ?? 2048;
  return (sum * size) / 2048;
}

/** A linear scale: the value `low` is at the pixel `start`, `high` at `stop`. */
export class Scale {
  constructor(low, high, start, stop) {
    Object.assign(this, { low, high, start, stop });
  }

  /** The pixel of a value. */
  at(value) {
    const share = (value - this.low) / (this.high - this.low);
    return this.start + share * (this.stop - this.start);
  }

  /** The scale shifted by `by` pixels. */
  moved(by) {
    return new Scale(this.low, this.high, this.start + by, this.stop + by);
  }

  /** The text of the attribute `data-map`. */
  words() {
    return [this.low, this.high, this.start, this.stop]
      .map((number) => general(number, 7))
      .join(" ");
  }
}

/** JSON with the spaces that Python writes. */
const json = (value) =>
  Array.isArray(value) ? `[${value.map(json).join(", ")}]` : JSON.stringify(value);

/** Bindings as attributes; those with scales get their text in `attributes`. */
export const bound = {
  // A label: its keys, the ids of the marks that it names, and its place along them.
  names: (names, of, along) => ({
    "data-names": Object.entries(names)
      .map((pair) => pair.join("="))
      .join(" "),
    "data-for": of.join(" "),
    "data-along": along,
  }),
  // A sentence: pairs of a text and its expression, and an expression that is true.
  says: ({ values = [], claim = "" }) => ({
    "data-says": values.length ? json(values) : "",
    ...(claim ? { "data-claim": claim } : {}),
  }),
  // The expression of the value of a mark.
  node: (of) => ({ "data-of": of }),
  // An arrow: its kind, and the ids of the marks at its ends.
  flow: (flow, from, to) => ({ "data-flow": flow, "data-from": from, "data-to": to }),
  // A sample of a legend: the ids of the marks that look like it.
  sample: (of) => ({ "data-for": of.join(" ") }),
  // A colour: the expression of its value, and the value of the strongest colour.
  shade: (of, end) => ({
    "data-of": of,
    "data-draws": "fill",
    "data-map": general(end, 7),
  }),
  // The expression that selects the columns with weaker colours.
  back: (where) => ({ "data-back": where }),
  // A shape: the expression of its value, what of it the value draws, and its scales.
  draws: (of, draws, across, down) => ({
    "data-of": of,
    "data-draws": draws,
    "data-map": { across, down },
  }),
};

/** A binding whose scales are shifted by the move of its mark. */
function movedBinding(binding, dx, dy) {
  const map = binding["data-map"];
  if (!map || typeof map === "string") return binding;
  const [across, down] = [map.across?.moved(dx), map.down?.moved(dy)];
  return { ...binding, "data-map": { across, down } };
}

/** The attributes of a binding, as an SVG has them. */
export function attributes(binding) {
  const map = binding["data-map"];
  if (!map || typeof map === "string") return binding;
  const words = [map.across, map.down].filter(Boolean).map((scale) => scale.words());
  return { ...binding, "data-map": words.join(" ") };
}

/** The fields that all marks have, see `scene/marks.py`. */
const NAMED = { id: "", term: "", bound: [] };

/** A rectangle; `fields` are its place and size, and replace the default fields. */
export const box = (fields) => ({
  kind: "box",
  ...NAMED,
  radius: 0,
  strokeWidth: 1,
  dash: "",
  ...fields,
});

/**
 * Lines and curves. `d` are their parts, each an SVG command with its points; `fields`
 * replace the default fields.
 */
export const path = (d, fields) => ({
  kind: "path",
  ...NAMED,
  strokeWidth: 1.25,
  opacity: 1,
  dash: "",
  compact: false,
  d,
  ...fields,
});

/** Marks with a common binding, opacity or id; `bound` are bindings, see `bound`. */
export const group = (marks, bound = [], fields = {}) => ({
  kind: "group",
  ...NAMED,
  opacity: 1,
  marks,
  bound,
  ...fields,
});

/** A text, whose `anchor` is at `x` and whose baseline is at `y`. */
export const text = (x, y, content, size, fields) => ({
  kind: "text",
  ...NAMED,
  x,
  y,
  content,
  size,
  anchor: "start",
  fill: "ink",
  bold: false,
  mono: false,
  turn: 0,
  ...fields,
});

/** The width of a text mark. */
export const textWidth = ({ content, size, bold, mono }) =>
  widthOf(content, size, { bold, mono });

/** The share of a text that is left of its `x`, for each anchor. */
const SHARES = { start: 0, middle: 0.5, end: 1 };

/** The left edge of a text mark. */
export const textLeft = (mark) => mark.x - SHARES[mark.anchor] * textWidth(mark);

/** Every mark, a group before its children. */
export function* walk(marks) {
  for (const mark of marks) {
    yield mark;
    if (mark.kind === "group") yield* walk(mark.marks);
  }
}

/** Move a mark in place; no two figures share one. */
export function shift(mark, dx, dy) {
  if (mark.bound.length) {
    mark.bound = mark.bound.map((binding) => movedBinding(binding, dx, dy));
  }
  if (mark.kind === "group") {
    for (const child of mark.marks) shift(child, dx, dy);
  } else if (mark.kind === "path") {
    // Other marks may share the arrays of points.
    mark.d = mark.d.map(([command, ...points]) => [
      command,
      ...points.map(([x, y]) => [x + dx, y + dy]),
    ]);
  } else {
    mark.x += dx;
    mark.y += dy;
  }
  return mark;
}
