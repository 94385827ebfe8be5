// Where the rows, the gates and the units of a step stand:
// `figures/keep_write_show/plan.py`.

import { inner } from "../twin/words.js";
import { airy, byColour, weights, widthOfAll } from "./gate_columns.js";
import { Rows } from "./weight_rows.js";
import { level, topOf } from "./table.js";
import { HEIGHT, SIDE } from "./panels.js";

const NARROWEST_WIDE = 480;
const [BETWEEN, BUS] = [14, 14];
const [EDGE, OVER] = [1, -6];
const [LEAST, MOST] = [162, 240];
const [RIBBON, LONGEST] = [34, 70];
const PAST = 4;
const [SHORT, LETTER] = [20, 16];
const TWO = 660;
const ABOVE = 13;

const endsOf = (sum, curve, gate) => ({ sum, curve, gate, width: sum + curve + gate });
const ENDS = endsOf(46, 28, 42);
const OWN = endsOf(45, 24, 40);

/** Where all of it stands. */
class Plan {
  constructor(given) {
    Object.assign(this, given);
  }

  /** What of a unit is left of its words: gates and ribbons. */
  get inset() {
    if (this.beside) return 0;
    const index = this.blocks.length ? this.where.left - 21 : 0;
    return SIDE + LETTER + index + this.ends.width + this.ribbon;
  }

  get bottom() {
    const lines = Math.ceil(this.units.length / this.across);
    const units = this.top + lines * (HEIGHT + BETWEEN) - BETWEEN;
    return this.blocks.length ? Math.max(units, this.where.bottom + 18) : units;
  }

  /** Each unit, and its left top. */
  get corners() {
    return this.units.map((unit, k) => [
      unit,
      this.left + (k % this.across) * (this.width + BUS + BETWEEN / 2),
      this.top + Math.floor(k / this.across) * (HEIGHT + BETWEEN),
    ]);
  }

  /** Where h arrives: right of what the next step reads. */
  get met() {
    const k = this.blocks.findIndex((one) => one.above === "h_prev");
    const wide = widthOfAll(this.blocks.slice(0, k + 1)) - this.blocks[k].apart;
    return this.where.left + wide + 2;
  }

  /** The corners of h's way from a unit whose left is at x. */
  bus(x) {
    if (!this.blocks.length) return [];
    const [own, over] = [x + this.width + BUS, this.top - 9];
    const isLast = own > this.edge - BETWEEN;
    const turn = [
      [own, over],
      [this.edge, over],
    ];
    const high = level(this.where);
    return [...(isLast ? [] : turn), [this.edge, high], [this.met, high]];
  }
}

/** The places of a step; `rowed` says whether the rows of the units are drawn. */
export function planned(subject, units, room, rowed) {
  const space = inner(room);
  const { length } = subject.steps[0].c;
  let where = new Rows(units, length, { close: room < NARROWEST_WIDE });
  const edge = space - (where.close ? OVER : EDGE);
  const blocks = rowed ? blocksOf(subject, where, edge) : [];
  const aside = ENDS.width + RIBBON + LEAST + BUS + EDGE;
  where = where.with({ top: topOf(blocks) });
  const spare = space - rightOf(where, blocks) - aside;
  return rowed && spare >= 0
    ? besideRows(where, blocks, spare)
    : below(where, blocks, space, edge);
}

/** Where the rows end. */
const rightOf = (where, blocks) => where.left + widthOfAll(blocks);

/** Units right of the rows; what is to spare makes all of it wider. */
function besideRows(where, blocks, spare) {
  const more = Math.min(MOST - LEAST, spare / 2);
  const longer = Math.min(LONGEST - RIBBON, spare - more);
  const wider = airy(blocks, spare - more - longer);
  const count = where.units.length;
  const top = level(where) + ABOVE;
  const high = top + count * (HEIGHT + BETWEEN) - BETWEEN;
  const each = (high - where.top - 3 * 12 - 24) / (4 * count);
  const rows = where.with({ height: Math.min(32, Math.max(28, each)), apart: 12 });
  const left = rightOf(rows, wider) + ENDS.width + RIBBON + longer;
  const edge = left + LEAST + more + BUS;
  return new Plan({
    units: rows.units,
    where: rows,
    blocks: wider,
    ends: ENDS,
    ribbon: RIBBON + longer,
    width: LEAST + more,
    across: 1,
    top,
    left,
    space: edge + EDGE,
    edge,
    beside: true,
  });
}

/** Units below the rows, or without rows. */
function below(where, blocks, space, edge) {
  const across = Math.min(where.units.length, space >= TWO ? 2 : 1);
  const width = (edge - across * BUS - ((across - 1) * BETWEEN) / 2) / across;
  const plan = { ends: endsOf(0, 0, OWN.gate), top: 0, where, blocks };
  if (blocks.length) {
    plan.ends = OWN;
    plan.where = where.with({ height: 28 });
    if (blocks[0].printed) {
      plan.blocks = airy(blocks, edge - BUS - rightOf(plan.where, blocks));
    }
    // Names of columns without numbers stand on two lines.
    plan.top = plan.where.bottom + (blocks[0].printed ? 44 : 58);
  }
  return new Plan({
    ...plan,
    units: where.units,
    ribbon: SHORT,
    width,
    across,
    left: 0,
    space,
    edge,
    beside: false,
  });
}

/** Every weight, in a form that is too narrow for numbers by colour alone. */
function blocksOf(subject, where, edge) {
  const found = weights(subject, where);
  const room = edge - PAST;
  return where.left + widthOfAll(found) > room
    ? byColour(found, room - where.left)
    : found;
}
