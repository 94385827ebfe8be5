// The frame around the chosen number, in each form of a figure.

import { cursorOver, moveCursor } from "./cursors.js";
import { known } from "./known.js";

/** The width of a digit, as in `weight_rows.js`. */
const CHARACTER = 7.23;

/** The slot of an expression, which names a weight in the page: `lstm.weight_hh_l0:0,1`. */
export function slotOf(expression) {
  const [, name, index] = expression.match(/^(lstm\.\w+)\[([\d, ]+)\]$/) ?? [];
  return name ? `${name}:${index.replace(", ", ",")}` : "";
}

/**
 * The rows of a tensor that a band of a weight map shows, such as `weight_ih[0:2]`:
 * the tensor, the first row, how many rows and columns, the place, the size of a cell.
 */
function bandOf({ dataset }) {
  const [, name, first, stop] =
    dataset.of?.match(/^\(?(lstm\.\w+)\)?.*\[(\d+):(\d+)\]$/) ?? [];
  if (!name) return null;
  const [, left, top, right, bottom] = dataset.map.split(" ").map(Number);
  // A bias has numbers in place of rows, and one column.
  const [row] = known.network.tensors[name];
  const columns = Array.isArray(row) ? row.length : 0;
  const [rows, across] = [stop - first, (right - left) / (columns || 1)];
  const down = (bottom - top) / rows;
  return { name, first: Number(first), rows, columns, left, top, across, down };
}

/** The slot of the cell of a weight map at a point, in the units of its SVG. */
export function slotAt(target, x, y) {
  const group = target.closest?.("g[data-map]");
  const band = group && bandOf(group);
  if (!band) return "";
  const row = band.first + Math.floor((y - band.top) / band.down);
  const column = Math.floor((x - band.left) / band.across);
  return `${band.name}:${band.columns ? `${row},${column}` : row}`;
}

/** The cell of a slot in a weight map: `[x, y, width, height]`. */
function cellOf(svg, chosen) {
  const [name, at] = chosen.split(":");
  const [row, column = 0] = at.split(",").map(Number);
  for (const group of svg.querySelectorAll("g[data-map]")) {
    const band = bandOf(group);
    const down = band ? row - band.first : -1;
    if (band?.name === name && down >= 0 && down < band.rows) {
      const { left, top, across, down: high } = band;
      return [left + column * across, top + down * high, across, high];
    }
  }
  return null;
}

/** A rectangle `[x, y, width, height]` in an SVG, as shares of its size. */
const sharesOf = ([x, y, wide, high], { width, height }) => ({
  left: x / width,
  right: (x + wide) / width,
  top: y / height,
  bottom: (y + high) / height,
});

/**
 * The frame around the chosen number, one in each form.
 *
 * - `places`: the elements that contain a form
 * - `slot`: the function that gives the slot of an expression
 * - `marks`: the frame in each place
 * - `chosen`: the slot that is framed
 */
export class Framed {
  /** Each of `places` holds a form; `slot` gives the slot of an expression. */
  constructor(places, slot = slotOf) {
    this.places = [...places];
    this.slot = slot;
    this.marks = this.places.map((place) => cursorOver(place, "lf-chosen"));
  }

  /** Frame a slot in each form that draws it. */
  at(chosen) {
    this.chosen = chosen;
    this.places.forEach((place, k) => {
      const svg = place.querySelector("svg");
      const box = this.boxOf(svg, chosen) ?? cellOf(svg, chosen);
      moveCursor(this.marks[k], box && sharesOf(box, svg.viewBox.baseVal));
    });
  }

  /** The place of a printed number or a cell in the SVG; null if it is not drawn. */
  boxOf(svg, chosen) {
    const element = [...svg.querySelectorAll("rect[data-of],[data-expr]")].find(
      ({ dataset }) => this.slot(dataset.of ?? dataset.expr) === chosen,
    );
    // A scale also has expressions, but not the number itself.
    if (!element || element.id.includes("--scale-")) return null;
    const [x, y, width, height] = ["x", "y", "width", "height"].map((name) =>
      Number(element.getAttribute(name)),
    );
    // A printed number ends at its x, and 13 pixels are from its top to its baseline.
    const long = element.textContent.length * CHARACTER;
    return width ? [x, y, width, height] : [x - long - 2, y - 13, long + 4, 18];
  }
}
