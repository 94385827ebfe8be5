// Texts, by what they are for: `layout/words.py` and `layout/margins.py`.

import { isSmall, printed, shortened } from "./numbers.js";
import { bound, group, text, widthOf } from "./marks.js";

export const [TITLE, LEAD, LABEL, NOTE, SMALL] = [18, 13, 13, 13, 12];
const LETTER = 15;
export const LINE = 18;

const style = (size, fill = "muted", bold = false, mono = false) => ({
  size,
  fill,
  bold,
  mono,
});
export const STRONG = style(LABEL, "ink", true);
export const STRONG_CODE = style(LABEL, "muted", true, true);
export const FINE = style(SMALL);
export const FINE_CODE = style(SMALL, "muted", false, true);
export const FINE_STRONG = style(SMALL, "ink", true);
export const GATE = style(LETTER, "ink", true);

export const width = (content, size = LABEL, bold = false) =>
  widthOf(content, size, { bold });
export const middle = (size) => 0.36 * size;
export const baseline = (size) => ((LINE * size) / NOTE) / 2 + middle(size);

/** A sentence with the expression of each value in it. */
export function sentence(template, values = [], claim = "") {
  const shown = values.map((pair) => pair.map(String));
  let k = 0;
  const said = template.replace(/\{\}/g, () => shown[k++][0]);
  return { text: said, says: { values: shown, claim } };
}

let exponents = false;

/** A figure, laid out again where a small number needs an exponent, so all have one. */
export function alike(compose) {
  const found = compose(false);
  if (!found.numbers.some((mark) => mark.content.includes("e−"))) return found;
  exponents = true;
  try {
    return compose(true);
  } finally {
    exponents = false;
  }
}

/** A number as it is printed in a figure. */
function seen(value, places, room) {
  const content = printed(value, places, room);
  const short = exponents && !content.includes("e") && isSmall(value);
  return short ? shortened(value) : content;
}

export const number = (x, y, value, given) => {
  const { size, places = 2, room = 99, ...more } = given;
  const content = seen(value.value, places, room);
  return text(x, y + middle(size), content, size, {
    anchor: "middle",
    mono: true,
    number: value,
    ...more,
  });
};

export const label = (x, y, content, names, of, along, given = {}) => {
  const { style: look, says, fill, ...more } = given;
  const named = bound.names(names, of, along);
  return text(x, y + middle(look.size), content, look.size, {
    ...look,
    fill: fill || look.fill,
    bound: says ? [named, bound.says(says)] : [named],
    ...more,
  });
};

export const operator = (x, y, content, fill = "muted") =>
  text(x, y + middle(LABEL), content, LABEL, { anchor: "middle", fill });

export const tick = (x, y, content, anchor = "end") =>
  text(x, y + middle(SMALL), content, SMALL, { anchor, fill: "muted", tick: true });

/** The characters before the point of a number, and from it on. */
function parts(content) {
  const before = content.split(/[.e]/)[0].length;
  return [before, content.length - before];
}

/** Where the points of numbers below each other stand. */
export class Decimals {
  constructor(values, room) {
    const every = values.map(({ value }) => parts(seen(value, 2, room)));
    this.before = Math.max(...every.map(([before]) => before));
    this.after = Math.max(...every.map(([, after]) => after));
    this.room = room;
  }

  /** How many characters the column is wide; what is longer may lean. */
  get count() {
    return Math.min(this.before + this.after, this.room);
  }

  /** A number whose point stands over those of its column; `x` is its middle. */
  number(x, y, value, { size, ...more }) {
    const [before, after] = parts(seen(value.value, 2, this.room));
    const digit = widthOf("0", size, { mono: true });
    const half = (this.count * digit) / 2;
    const own = (before + after) * digit;
    // Those without a point and with an exponent stay within the column.
    let right = x + ((this.before - this.after) * digit) / 2 + after * digit;
    right = Math.max(x - half + own, Math.min(right, x + half));
    if (own > 2 * half) right = x + own / 2;
    const { room } = this;
    return number(right, y, value, { size, room, anchor: "end", ...more });
  }
}

/** Digits after the point for a group of numbers that stand together. */
export const decimals = (numbers) =>
  numbers.every(({ value }) => Number.isInteger(value)) ? 0 : 2;

/** Numbers as a list in a description. */
export const spoken = (numbers) =>
  numbers.map(({ value }) => printed(value, decimals(numbers))).join(", ");

/** A sentence in as many lines as it needs, and the bottom of the last. */
export function paragraph(x, y, said, room, given = {}) {
  const { size = NOTE, bold = false, ...more } = given;
  const height = (LINE * size) / NOTE;
  const lines = wrap(said.text, size, room, bold).map((line, k) =>
    text(x, y + k * height + baseline(size), line, size, { fill: "muted", bold, ...more }),
  );
  return [group(lines, [bound.says(said.says)]), y + lines.length * height];
}

export const margin = (room) => (room >= 480 ? 24 : 16);
export const inner = (room) => room - 2 * margin(room);

const wrapped = new Map();

/** Break a text into lines that fit, of which the last is none too short. */
function wrap(content, size, room, bold) {
  const key = `${size} ${room} ${bold} ${content}`;
  // Most of what is said of one text is said of the next.
  if (wrapped.size > 200) wrapped.clear();
  if (!wrapped.has(key)) wrapped.set(key, wrappedAnew(content, size, room, bold));
  return wrapped.get(key);
}

function wrappedAnew(content, size, room, bold) {
  const words = content.split(" ");
  const widths = words.map((word) => width(word, size, bold));
  const space = width(" ", size, bold);
  const length = ([start, stop]) =>
    widths.slice(start, stop).reduce((a, b) => a + b, 0) + space * (stop - start - 1);
  let lines = broken(widths, space, room);
  let within = room;
  while (lines.length > 1 && length(lines.at(-1)) < room / 3) {
    within -= size;
    if (within < Math.max(...widths)) break;
    const narrower = broken(widths, space, within);
    if (narrower.length > lines.length) break;
    lines = narrower;
  }
  return lines.map(([start, stop]) => words.slice(start, stop).join(" "));
}

function broken(widths, space, room) {
  const lines = [];
  let [start, length] = [0, widths[0]];
  widths.forEach((one, k) => {
    if (!k) return;
    if (length + space + one > room) {
      lines.push([start, k]);
      [start, length] = [k, one];
    } else length += space + one;
  });
  return [...lines, [start, widths.length]];
}
