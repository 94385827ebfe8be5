// Rows of weights with bands of gates: `layout/motifs/weight_rows.py`.

import { bound, box } from "../twin/marks.js";
import { roundHalfEven } from "../twin/numbers.js";
import { Decimals, FINE, GATE, label, SMALL, width } from "../twin/words.js";

/** The gates in the order of their rows. */
export const GATES = ["i", "f", "g", "o"];
/** The role of a gate's colour. */
export const role = (gate) => `gate-${gate}`;

/** How much weaker the colours of a faint column are. */
const FAINT_FACTOR = 3.5;
/** The width of a digit at `words.SMALL`. */
export const DIGIT_WIDTH = 7.23;
/** The strength of the strongest colour, in percent. */
const STRONGEST = 55;

/**
 * The rows of some units, gate by gate.
 *
 * - `units`: the units whose rows are drawn
 * - `hiddenSize`: the number of units in the module
 * - `top`: the top of the first row
 * - `height`: the height of a row
 * - `gap`: the gap between the bands of two gates
 * - `close`: whether columns are closer together, as in narrow forms
 */
export class Rows {
  constructor(units, size, options = {}) {
    Object.assign(this, {
      units,
      hiddenSize: size,
      top: 0,
      height: 30,
      gap: 8,
      close: false,
    });
    Object.assign(this, options);
  }

  /** A copy with some fields replaced. */
  with(options) {
    return new Rows(this.units, this.hiddenSize, { ...this, ...options });
  }

  /** The width of the gutter: letter, bar and row index. */
  get left() {
    const last = width(String(this.row("o", this.units.at(-1))), SMALL);
    // The letter and its bar, the longest index, and a gap.
    return (this.close ? 18 : 21) + last + 5;
  }

  /** The middle of the row of a gate and a unit that is drawn. */
  y(gate, unit) {
    const band = GATES.indexOf(gate);
    const row = band * this.units.length + this.units.indexOf(unit);
    return this.top + (row + 0.5) * this.height + band * this.gap;
  }

  /** The row of the module's weights. */
  row(gate, unit) {
    return GATES.indexOf(gate) * this.hiddenSize + unit;
  }

  /** The bottom of the last row. */
  get bottom() {
    // Four gates, with three gaps between them.
    return this.top + 4 * this.units.length * this.height + 3 * this.gap;
  }

  /** Gate and unit of every row, from the top. */
  get gateUnitPairs() {
    return GATES.flatMap((gate) => this.units.map((unit) => [gate, unit]));
  }
}

/**
 * Letters and bars of the bands, and row indices. `rows` is a `Rows`; `of` gives the
 * ids of the marks in a row, from its index, gate and unit.
 */
export function gutterMarks(rows, of) {
  return GATES.flatMap((gate) => {
    const { units } = rows;
    const [first, last] = [units[0], units.at(-1)].map((unit) => rows.y(gate, unit));
    const idsOf = (unit) => of(rows.row(gate, unit), gate, unit);
    const idsOfUnits = units.map(idsOf);
    const all = idsOfUnits[0].flatMap((_, k) =>
      idsOfUnits.map((unitIds) => unitIds[k]),
    );
    const half = rows.height / 2 - 2;
    return [
      label(6, (first + last) / 2, gate, { gate }, all, "band", {
        style: GATE,
        fill: role(gate),
        anchor: "middle",
        term: gate,
      }),
      box({
        x: rows.close ? 13 : 14,
        y: first - half,
        width: 3,
        height: last - first + 2 * half,
        radius: 1.5,
        fill: role(gate),
        term: gate,
      }),
      ...units.map((unit) => {
        const row = rows.row(gate, unit);
        return label(
          rows.left - 5,
          rows.y(gate, unit),
          String(row),
          { row },
          idsOf(unit),
          "row",
          {
            style: FINE,
            anchor: "end",
          },
        );
      }),
    ];
  });
}

/**
 * The width of cells that fit all values, aligned at their points; `maxChars` is the
 * most characters of a number.
 */
export const cellWidth = (values, maxChars, minWidth = 0) =>
  // A number has 4.5 pixels around it, and no cell is narrower than 30.
  Math.max(30, minWidth, new Decimals(values, maxChars).count * DIGIT_WIDTH + 4.5);

/**
 * Cells shaded by value, with numbers if the block prints them.
 *
 * - `rows`: the places of the rows, a `Rows`
 * - `x`: the left of the block
 * - `block`: the columns, see `weights` in `gate_columns.js`
 * - `end`: the value with the strongest colour
 * - `faint, where`: the set of columns with weaker colours, and the expression that
 *   is true of these
 */
export function cells(rows, x, block, end, faint, where) {
  const point = new Decimals([...block.numbers.values()].flat(), block.maxChars);
  return rows.gateUnitPairs.flatMap(([gate, unit]) => {
    const y = rows.y(gate, unit);
    const row = rows.row(gate, unit);
    return block.numbers.get(row).flatMap((number, column) => {
      const isFaint = faint.has(column);
      const id = `${block.name}-${row}-${column}`;
      const term = `${block.name} ${gate}`;
      const left = x + column * block.width;
      const strongest = end * (isFaint ? FAINT_FACTOR : 1);
      const cell = box({
        x: left,
        y: y - rows.height / 2 + 1,
        // Two pixels are left between cells.
        width: block.width - 2,
        height: rows.height - 2,
        radius: Math.min(3, block.width / 6),
        term,
        fill: shade(number.value, strongest),
        id: block.isPrinted ? `${id}-cell` : id,
        bound: [bound.shade(number.expr, strongest)],
      });
      if (!block.isPrinted) return [cell];
      const printed = point.number(left + block.width / 2 - 1, y, number, {
        size: SMALL,
        id,
        term,
        fill: isFaint ? "muted" : "ink",
        bound: isFaint ? [bound.back(where)] : [],
      });
      return [cell, printed];
    });
  });
}

/** A paint for a value: the hue for its sign, the strength for its size. */
function shade(value, end) {
  if (value === 0) return "panel";
  const share = roundHalfEven(Math.min(1, Math.abs(value) / end) * STRONGEST);
  return share ? `${value > 0 ? "pos" : "neg"}:${share}` : "paper";
}
