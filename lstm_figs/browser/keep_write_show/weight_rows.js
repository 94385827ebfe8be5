// Rows of weights with bands of gates: `layout/motifs/weight_rows.py`.

import { bound, box } from "../twin/marks.js";
import { whole } from "../twin/numbers.js";
import { Decimals, FINE, GATE, label, SMALL, width } from "../twin/words.js";

export const GATES = ["i", "f", "g", "o"];
export const role = (gate) => `gate-${gate}`;

const FAINT = 3.5;
export const CHARACTER = 7.23;
const STRONGEST = 55;

/** Where the rows of some units stand, gate by gate. */
export class Rows {
  constructor(units, size, given = {}) {
    Object.assign(this, { units, size, top: 0, height: 30, apart: 8, close: false });
    Object.assign(this, given);
  }

  with(given) {
    return new Rows(this.units, this.size, { ...this, ...given });
  }

  /** The width of the gutter: letter, bar and row index. */
  get left() {
    const last = width(String(this.row("o", this.units.at(-1))), SMALL);
    return (this.close ? 18 : 21) + last + 5;
  }

  /** The middle of a row. */
  y(gate, unit) {
    const band = GATES.indexOf(gate);
    const row = band * this.units.length + this.units.indexOf(unit);
    return this.top + (row + 0.5) * this.height + band * this.apart;
  }

  /** Which row of the module's weights it is. */
  row(gate, unit) {
    return GATES.indexOf(gate) * this.size + unit;
  }

  get bottom() {
    return this.top + 4 * this.units.length * this.height + 3 * this.apart;
  }

  /** Gate and unit of every row, from the top. */
  get each() {
    return GATES.flatMap((gate) => this.units.map((unit) => [gate, unit]));
  }
}

/** Letters and bars of the bands, and the index of each row; `of` names what is in one. */
export function gutter(rows, of) {
  return GATES.flatMap((gate) => {
    const { units } = rows;
    const [first, last] = [units[0], units.at(-1)].map((unit) => rows.y(gate, unit));
    const ids = (unit) => of(rows.row(gate, unit), gate, unit);
    const each = units.map(ids);
    const all = each[0].flatMap((_, k) => each.map((one) => one[k]));
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
          ids(unit),
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

/** How wide cells are in which all of these fit, their points aligned. */
export const cellWidth = (values, room, least = 0) =>
  Math.max(30, least, new Decimals(values, room).count * CHARACTER + 4.5);

/** Cells shaded by value, with numbers if a block prints them. */
export function cells(rows, x, block, end, faint, where) {
  const point = new Decimals([...block.values.values()].flat(), block.room);
  return rows.each.flatMap(([gate, unit]) => {
    const y = rows.y(gate, unit);
    const row = rows.row(gate, unit);
    return block.values.get(row).flatMap((number, column) => {
      const isFaint = faint.has(column);
      const id = `${block.name}-${row}-${column}`;
      const term = `${block.name} ${gate}`;
      const left = x + column * block.width;
      const strongest = end * (isFaint ? FAINT : 1);
      const cell = box({
        x: left,
        y: y - rows.height / 2 + 1,
        width: block.width - 2,
        height: rows.height - 2,
        radius: Math.min(3, block.width / 6),
        term,
        fill: shade(number.value, strongest),
        id: block.printed ? `${id}-cell` : id,
        bound: [bound.shade(number.expr, strongest)],
      });
      if (!block.printed) return [cell];
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

/** A hue for the sign, as strong as the value is large. */
function shade(value, end) {
  if (value === 0) return "panel";
  const share = whole(Math.min(1, Math.abs(value) / end) * STRONGEST);
  return share ? `${value > 0 ? "pos" : "neg"}:${share}` : "paper";
}
