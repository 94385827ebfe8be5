// Marks as SVG, in the colours of a page: `render/svg.py`, `scene/theme.py`.

import { exact, fixed, roundHalfEven } from "./numbers.js";
import { attributes, walk } from "./marks.js";
import { known } from "./known.js";
import { digest } from "./digest.js";

/** The entity of each special character; the ampersand comes first. */
const ESCAPED = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#x27;",
};
/** Whether a text needs escaping at all. */
const SPECIAL = /[&<>"']/;

/** The text as `html.escape` writes it. */
export function escape(text) {
  const written = String(text);
  if (!SPECIAL.test(written)) return written;
  return written.replace(/[&<>"']/g, (character) => ESCAPED[character]);
}

/** The depth of a subscript, as a share of the font size. */
const SUBSCRIPT = 0.2;

/** A number of the drawing with at most two decimals, as a text. */
function n(value) {
  const text = fixed(value, 2);
  if (text.endsWith(".00")) return text.slice(0, -3);
  return text.endsWith("0") ? text.slice(0, -1) : text;
}

/**
 * A figure as an SVG document.
 *
 * - `figure`: its `name`, `id`, `title`, `description`, `command`, `preamble` and
 *   `tensors`
 * - `sheet`: its size and marks, from `frame`
 */
export function write(figure, sheet) {
  const { id, title, description } = figure;
  const [width, height] = [n(sheet.width), n(sheet.height)];
  const metadata = JSON.stringify({
    figure: figure.name,
    lstm_figs: known.version,
    torch: null,
    command: figure.command,
    preamble: figure.preamble,
    weights_sha256: digest(figure.tensors),
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" id="${id}" class="lf-figure" ` +
      `viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ` +
      `role="img" aria-labelledby="${id}--title ${id}--desc" ` +
      `font-family="${known.sans}" fill="none">`,
    `<title id="${id}--title">${escape(title)}</title>`,
    `<desc id="${id}--desc">${escape(description)}</desc>`,
    `<metadata>${escape(metadata)}</metadata>`,
    `<style>${style(id, sheet.marks)}</style>`,
    ...sheet.marks.map((mark) => markUp(mark, id)),
    "</svg>",
    "",
  ].join("\n");
}

/** The colours of the marks for both colour schemes of a page. */
function style(id, marks) {
  const paints = [...walk(marks)].flatMap((mark) => [mark.fill, mark.stroke]);
  const used = new Set([
    "paper",
    ...paints.filter(Boolean).map((colour) => colour.split(":")[0]),
  ]);
  const declared = (scheme) =>
    [...used]
      .sort()
      .map((role) => `--lf-${role}:${known.colours[role][scheme]}`)
      .join(";");
  return `#${id}{${declared(0)}}[data-md-color-scheme="slate"] #${id}{${declared(1)}}`;
}

/** A paint as a CSS value, see `theme.variable`. */
function paint(of) {
  const [role, share] = of.split(":");
  if (!share) return `var(--lf-${role})`;
  return `color-mix(in srgb,var(--lf-${role}) ${share}%,var(--lf-paper))`;
}

/** Attributes as in a tag. */
function pairs(named) {
  let words = "";
  for (const name in named) words += ` ${name}="${escape(named[name])}"`;
  return words;
}

/** The id, the term and the bindings of a mark. */
function namedOf(mark, id) {
  let words = mark.id ? ` id="${id}--${mark.id}"` : "";
  if (mark.term) words += ` data-term="${mark.term}"`;
  const { length } = mark.bound;
  if (length === 1) return words + pairs(attributes(mark.bound[0]));
  if (length) words += pairs(Object.assign({}, ...mark.bound.map(attributes)));
  return words;
}

/** The fill and the stroke of a mark. */
function painted({ fill, stroke, strokeWidth, dash }) {
  let words = fill ? ` fill="${paint(fill)}"` : "";
  if (stroke) words += ` stroke="${paint(stroke)}" stroke-width="${n(strokeWidth)}"`;
  return dash ? `${words} stroke-dasharray="${dash}"` : words;
}

/** A mark as an element; `id` is that of the figure, with which all ids begin. */
function markUp(mark, id) {
  const own = namedOf(mark, id);
  if (mark.kind === "group") {
    return `<g${own}${seen(mark)}>${mark.marks.map((child) => markUp(child, id)).join("")}</g>`;
  }
  if (mark.kind === "box") {
    const place = `x="${n(mark.x)}" y="${n(mark.y)}"`;
    const size = `width="${n(mark.width)}" height="${n(mark.height)}"`;
    const radius = mark.radius ? ` rx="${n(mark.radius)}"` : "";
    return `<rect ${place} ${size}${radius}${painted(mark)}${own}/>`;
  }
  if (mark.kind === "path") {
    const d = mark.compact ? tenths(mark.d) : absolute(mark.d);
    return `<path d="${d}"${painted(mark)}${seen(mark)}${own}/>`;
  }
  const { number } = mark;
  let words = ` x="${n(mark.x)}" y="${n(mark.y)}" font-size="${n(mark.size)}"`;
  words += ` fill="${paint(mark.fill)}"`;
  if (mark.turn) {
    words += ` transform="rotate(${-mark.turn} ${n(mark.x)} ${n(mark.y)})"`;
  }
  if (mark.anchor !== "start") words += ` text-anchor="${mark.anchor}"`;
  if (mark.bold) words += ' font-weight="700"';
  if (mark.mono) words += ` font-family="${escape(known.monospace)}"`;
  if (mark.tick) words += ` class="lf-${mark.tick}"`;
  if (number) {
    words += ` data-value="${exact(number.value)}" data-expr="${escape(number.expr)}"`;
    if (number.scale > 1) words += ` data-scale="${number.scale}"`;
  }
  return `<text${words}${own}>${runs(mark)}</text>`;
}

/** The opacity of a mark that is not opaque. */
const seen = ({ opacity }) => (opacity < 1 ? ` opacity="${n(opacity)}"` : "");

/** The content of a text mark; `_{…}` at its end is a subscript. */
function runs({ content, size, bold }) {
  const [before, below] = content.split(/_\{(.*)\}$/);
  if (below === undefined) return escape(content);
  const set = { dy: n(SUBSCRIPT * size), "font-size": n(Math.max(9, 0.7 * size)) };
  const light = bold ? { "font-weight": 400 } : {};
  return `${escape(before)}<tspan${pairs({ ...set, ...light })}>${escape(below)}</tspan>`;
}

/** A path in absolute coordinates. */
const absolute = (d) =>
  d.map(([command, ...points]) => command + points.flat().map(n).join(" ")).join("");

/** A path of lines in tenths of a pixel, in relative coordinates. */
function tenths(d) {
  let words = "";
  let [start, before, last] = [[0, 0], [0, 0], ""];
  for (const [command, ...points] of d) {
    const letter = command.toLowerCase();
    // Z has no point, and goes back to the first one.
    if (!points.length) {
      words += letter;
      [before, last] = [start, letter];
    }
    for (const [x, y] of points) {
      const here = [roundHalfEven(x * 10), roundHalfEven(y * 10)];
      const right = tenth(here[0] - before[0]);
      const down = tenth(here[1] - before[1]);
      if (letter !== last) words += letter;
      // A minus sign separates two numbers as a space does.
      else if (!right.startsWith("-")) words += " ";
      words += down.startsWith("-") ? right + down : `${right} ${down}`;
      last = letter;
      before = here;
      if (letter === "m") start = here;
    }
  }
  return words;
}

/** A number of tenths as a decimal. */
function tenth(count) {
  const text = String(count / 10);
  return Math.abs(count) < 10 ? text.replace("0.", ".") : text;
}
