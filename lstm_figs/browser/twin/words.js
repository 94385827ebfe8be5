// Texts by their purpose: `layout/words.py` and `layout/margins.py`.

import { isSmall, printed, shortened } from "./numbers.js";
import { bound, group, text, widthOf } from "./marks.js";

/** Font sizes, by the purpose of a text. */
export const [TITLE, LEAD, LABEL, NOTE, SMALL] = [18, 13, 13, 13, 12];
/** The font size of a gate's letter. */
const LETTER = 15;
/** The line height of paragraphs. */
export const LINE = 18;

/** A style of labels; here the five that both figures use. */
const style = (size, fill = "muted", bold = false, mono = false) => ({
  size,
  fill,
  bold,
  mono,
});
/** The names of parts, of tensors in code, and of what explains them. */
export const STRONG = style(LABEL, "ink", true);
export const STRONG_CODE = style(LABEL, "muted", true, true);
export const FINE = style(SMALL);
export const FINE_CODE = style(SMALL, "muted", false, true);
export const FINE_STRONG = style(SMALL, "ink", true);
/** A gate's letter. */
export const GATE = style(LETTER, "ink", true);

/** The width of a text in the proportional font. */
export const width = (content, size = LABEL, bold = false) =>
  widthOf(content, size, { bold });
/** The distance from the middle of the letters to the baseline. */
export const middleToBaseline = (size) => 0.36 * size;
/** The distance from a paragraph's top to its first baseline. */
export const baseline = (size) => (LINE * size) / NOTE / 2 + middleToBaseline(size);

/**
 * A sentence with its proof.
 *
 * - `template`: its words, with {} for each value
 * - `values`: for each value, the pair of its text and its expression
 * - `claim`: an expression that is true
 */
export function sentence(template, values = [], claim = "") {
  const pairs = values.map((pair) => pair.map(String));
  let k = 0;
  const content = template.replace(/\{\}/g, () => pairs[k++][0]);
  return { text: content, says: { values: pairs, claim } };
}

/** Whether the figure that is being composed prints small numbers with exponents. */
let hasExponents = false;

/**
 * Compose a figure; if a small number needs an exponent, again with all of them so.
 * `compose` takes whether small numbers have exponents.
 */
export function withExponents(compose) {
  const figure = compose(false);
  if (!figure.numbers.some((mark) => mark.content.includes("e−"))) return figure;
  hasExponents = true;
  try {
    return compose(true);
  } finally {
    hasExponents = false;
  }
}

/** The text of a number in a figure. */
function numberText(value, places, maxChars) {
  const content = printed(value, places, maxChars);
  const short = hasExponents && !content.includes("e") && isSmall(value);
  return short ? shortened(value) : content;
}

/**
 * A printed number, bound to its expression.
 *
 * - `x`: its middle, unless `options` have a different anchor
 * - `y`: the middle of its digits
 * - `value`: the number with its expression: `value`, `expr` and `scale`
 * - `options`: its `size`, `places` and `maxChars`, see `printed`, and fields of its
 *   mark
 */
export const number = (x, y, value, options) => {
  const { size, places = 2, maxChars = 99, ...more } = options;
  const content = numberText(value.value, places, maxChars);
  return text(x, y + middleToBaseline(size), content, size, {
    anchor: "middle",
    mono: true,
    number: value,
    ...more,
  });
};

/**
 * A label: a text that names numbers or lengths.
 *
 * - `x, y`: its left, unless `options` have a different anchor, and its middle
 * - `content`: the text
 * - `names`: key -> value, such as `{ unit: 0 }`
 * - `of`: the ids of the marks that it names; * is any part of an id
 * - `along`: how it lies along them: `row`, `column`, `band` or `block`
 * - `options`: its `style`, its values and claim as `says`, and fields of its mark
 */
export const label = (x, y, content, names, of, along, options = {}) => {
  const { style: look, says, fill, ...more } = options;
  const named = bound.names(names, of, along);
  return text(x, y + middleToBaseline(look.size), content, look.size, {
    ...look,
    fill: fill || look.fill,
    bound: says ? [named, bound.says(says)] : [named],
    ...more,
  });
};

/** An operator sign such as σ or +; `y` is its vertical middle. */
export const operator = (x, y, content, fill = "muted") =>
  text(x, y + middleToBaseline(LABEL), content, LABEL, { anchor: "middle", fill });

/** A tick label; `y` is the vertical middle of its digits. */
export const tick = (x, y, content, anchor = "end") =>
  text(x, y + middleToBaseline(SMALL), content, SMALL, { anchor, fill: "muted", tick: "tick" });

/** The number of characters before the point, and from it on. */
function charactersAroundPoint(content) {
  const before = content.split(/[.e]/)[0].length;
  return [before, content.length - before];
}

/** The alignment of a column of numbers at their points. */
export class Decimals {
  constructor(values, maxChars) {
    const counts = values.map(({ value }) =>
      charactersAroundPoint(numberText(value, 2, maxChars)),
    );
    this.before = Math.max(...counts.map(([before]) => before));
    this.after = Math.max(...counts.map(([, after]) => after));
    this.maxChars = maxChars;
  }

  /** The width of the column in characters; longer numbers may stick out. */
  get count() {
    return Math.min(this.before + this.after, this.maxChars);
  }

  /** A number with its point at that of the column; `x` is the column's middle. */
  number(x, y, value, { size, ...more }) {
    const [before, after] = charactersAroundPoint(
      numberText(value.value, 2, this.maxChars),
    );
    const digit = widthOf("0", size, { mono: true });
    const half = (this.count * digit) / 2;
    const own = (before + after) * digit;
    // Numbers without a point, or with an exponent, stay within the column.
    let right = x + ((this.before - this.after) * digit) / 2 + after * digit;
    right = Math.max(x - half + own, Math.min(right, x + half));
    if (own > 2 * half) right = x + own / 2;
    const { maxChars } = this;
    return number(right, y, value, { size, maxChars, anchor: "end", ...more });
  }
}

/** The digits after the point of a group of numbers. */
export const decimals = (numbers) =>
  numbers.every(({ value }) => Number.isInteger(value)) ? 0 : 2;

/** Numbers as a list in a description. */
export const numberList = (numbers) =>
  numbers.map(({ value }) => printed(value, decimals(numbers))).join(", ");

/**
 * A sentence in lines, and the bottom of the last line.
 *
 * - `x, y`: the place of the anchor, and the top
 * - `sentence`: from `sentence`
 * - `maxWidth`: of a line
 * - `options`: the font `size`, and fields of each line
 */
export function paragraph(x, y, sentence, maxWidth, options = {}) {
  const { size = NOTE, bold = false, ...more } = options;
  const height = (LINE * size) / NOTE;
  const lines = wrap(sentence.text, size, maxWidth, bold).map((line, k) =>
    text(x, y + k * height + baseline(size), line, size, {
      fill: "muted",
      bold,
      ...more,
    }),
  );
  return [group(lines, [bound.says(sentence.says)]), y + lines.length * height];
}

/** The margin on each side of a figure of this width. */
export const margin = (figureWidth) => (figureWidth >= 480 ? 24 : 16);
/** The width between the margins. */
export const innerWidth = (figureWidth) => figureWidth - 2 * margin(figureWidth);

/** Size, width and text -> its lines. */
const wrapped = new Map();
/** The most texts in it, so that hours of typing do not fill the memory. */
const MAX_WRAPPED = 200;
/** The last line of a text should fill at least this share of the width. */
const MIN_LAST_SHARE = 1 / 3;

/** Break a text into lines that fit, without a very short last line. */
export function wrap(content, size, maxWidth, bold) {
  const key = `${size} ${maxWidth} ${bold} ${content}`;
  // Most sentences stay the same from one text to the next.
  if (wrapped.size > MAX_WRAPPED) wrapped.clear();
  if (!wrapped.has(key)) wrapped.set(key, wrapUncached(content, size, maxWidth, bold));
  return wrapped.get(key);
}

/** The lines of a text; narrower ones if the last would be very short. */
function wrapUncached(content, size, maxWidth, bold) {
  const words = content.split(" ");
  const widths = words.map((word) => width(word, size, bold));
  const space = width(" ", size, bold);
  const length = ([start, stop]) =>
    widths.slice(start, stop).reduce((a, b) => a + b, 0) + space * (stop - start - 1);
  let lines = broken(widths, space, maxWidth);
  let within = maxWidth;
  while (lines.length > 1 && length(lines.at(-1)) < maxWidth * MIN_LAST_SHARE) {
    within -= size;
    if (within < Math.max(...widths)) break;
    const narrower = broken(widths, space, within);
    if (narrower.length > lines.length) break;
    lines = narrower;
  }
  return lines.map(([start, stop]) => words.slice(start, stop).join(" "));
}

/** The word range of each line, filled greedily; `space` is the width of a space. */
function broken(widths, space, maxWidth) {
  const lines = [];
  let [start, length] = [0, widths[0]];
  widths.forEach((width, k) => {
    if (!k) return;
    if (length + space + width > maxWidth) {
      lines.push([start, k]);
      [start, length] = [k, width];
    } else length += space + width;
  });
  return [...lines, [start, widths.length]];
}
