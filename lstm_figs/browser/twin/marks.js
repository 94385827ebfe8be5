// What a figure is made of: `scene/marks.py`, `scene/metrics.py`, and what marks
// stand for: `proof/bindings.py`.

import { general } from "./numbers.js";
import { known } from "./known.js";

/** How many letters a text is as wide as; one of another script may be as two. */
function columnsOf(text) {
  let sum = 0;
  for (const one of text) sum += one.codePointAt(0) < known.single || one in known.regular ? 1 : 2;
  return sum;
}

/** The width of a text in DejaVu Sans. */
export function widthOf(text, size, { bold = false, mono = false } = {}) {
  if (mono) return (columnsOf(text) * known.mono * size) / 2048;
  const advances = bold ? known.bold : known.regular;
  let sum = 0;
  for (const character of text) sum += advances[character] ?? 2048;
  return (sum * size) / 2048;
}

/** Where values are: `low` at `start`, `high` at `stop`. */
export class Scale {
  constructor(low, high, start, stop) {
    Object.assign(this, { low, high, start, stop });
  }

  at(value) {
    const share = (value - this.low) / (this.high - this.low);
    return this.start + share * (this.stop - this.start);
  }

  moved(by) {
    return new Scale(this.low, this.high, this.start + by, this.stop + by);
  }

  words() {
    return [this.low, this.high, this.start, this.stop]
      .map((one) => general(one, 7))
      .join(" ");
  }
}

const says = (values) =>
  `[${values.map((pair) => `[${pair.map((one) => JSON.stringify(one)).join(", ")}]`).join(", ")}]`;

/** What a mark stands for, as attributes; of lengths, with their scales. */
export const bound = {
  names: (names, of, along) => ({
    "data-names": Object.entries(names)
      .map((pair) => pair.join("="))
      .join(" "),
    "data-for": of.join(" "),
    "data-along": along,
  }),
  says: ({ values = [], claim = "" }) => ({
    "data-says": values.length ? says(values) : "",
    ...(claim ? { "data-claim": claim } : {}),
  }),
  node: (of) => ({ "data-of": of }),
  flow: (flow, from, to) => ({ "data-flow": flow, "data-from": from, "data-to": to }),
  sample: (of) => ({ "data-for": of.join(" ") }),
  shade: (of, end) => ({
    "data-of": of,
    "data-draws": "fill",
    "data-map": general(end, 7),
  }),
  back: (where) => ({ "data-back": where }),
  drawn: (of, draws, across, down) => ({
    "data-of": of,
    "data-draws": draws,
    "data-map": { across, down },
  }),
};

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
  const words = [map.across, map.down].filter(Boolean).map((one) => one.words());
  return { ...binding, "data-map": words.join(" ") };
}

const NAMED = { id: "", term: "", bound: [] };

export const box = (given) => ({
  kind: "box",
  ...NAMED,
  radius: 0,
  strokeWidth: 1,
  dash: "",
  ...given,
});

/** Lines and curves: each of `d` is a command and its points. */
export const path = (d, given) => ({
  kind: "path",
  ...NAMED,
  strokeWidth: 1.25,
  opacity: 1,
  dash: "",
  compact: false,
  d,
  ...given,
});

export const group = (marks, bound = [], given = {}) => ({
  kind: "group",
  ...NAMED,
  opacity: 1,
  marks,
  bound,
  ...given,
});

export const text = (x, y, content, size, given) => ({
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
  tick: false,
  turn: 0,
  ...given,
});

export const textWidth = ({ content, size, bold, mono }) =>
  widthOf(content, size, { bold, mono });

const SHARES = { start: 0, middle: 0.5, end: 1 };

export const textLeft = (one) => one.x - SHARES[one.anchor] * textWidth(one);

/** Every mark, groups before what they hold. */
export function* walk(marks) {
  for (const mark of marks) {
    yield mark;
    if (mark.kind === "group") yield* walk(mark.marks);
  }
}

/** Move a mark, which no other figure has. */
export function shift(mark, dx, dy) {
  if (mark.bound.length) mark.bound = mark.bound.map((one) => movedBinding(one, dx, dy));
  if (mark.kind === "group") {
    for (const one of mark.marks) shift(one, dx, dy);
  } else if (mark.kind === "path") {
    // Points may be those of what the line was laid out by.
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
