// The layout of the rows, the gates and the units of a step:
// `figures/keep_write_show/plan.py`.

import { innerWidth } from "../twin/words.js";
import { columnsWidth, weights, widened, withoutNumbers } from "./gate_columns.js";
import { Rows } from "./weight_rows.js";
import { Table } from "./table.js";
import { HEIGHT, PADDING } from "./panels.js";

/** In forms narrower than this, parts are closer together. */
const NARROWEST_WIDE = 480;
/** The gap between panels, and the distance from a panel to the upward line of h. */
const [UNIT_GAP, BUS_WIDTH] = [14, 14];
/**
 * The gap between the upward line of h and the right edge; negative means in the
 * margin.
 */
const [EDGE_GAP, NARROW_EDGE_GAP] = [1, -6];
/** The least and the largest width of a panel beside the rows. */
const [MIN_UNIT_WIDTH, MAX_UNIT_WIDTH] = [162, 240];
/** The least and the largest length of a ribbon beside the rows. */
const [MIN_RIBBON, MAX_RIBBON] = [34, 70];
/** The gap between the rows and the line of h. */
const BUS_GAP = 4;
/** The length of a ribbon in a panel, and the width of the letter there. */
const [PANEL_RIBBON, LETTER_WIDTH] = [20, 16];
/** Figures at least this wide have two panels side by side. */
const MIN_TWO_UNITS_WIDTH = 660;
/** The distance from the line of h down to the panels beside the rows. */
const H_LINE_GAP = 13;
/** The part of the gutter left of a row index, which a panel does not have. */
const INDEX_GUTTER = 21;
/** The height of the names below the rows, and the gap below them beside panels. */
const [NAMES_HEIGHT, NAMES_GAP] = [18, 6];
/** The gap between the rows of two gates beside the panels. */
const BAND_GAP = 12;
/** From panels below the rows up to the horizontal line of h. */
const H_LINE_RISE = 9;
/** The gap between h_prev and the arrow of h. */
const ARRIVAL_GAP = 2;
/** The least and the largest height of a row; above panels it has the least. */
const [MIN_ROW_HEIGHT, MAX_ROW_HEIGHT] = [28, 40];
/** From the rows down to the panels. */
const PANELS_GAP = 44;

/**
 * The widths of the parts of a row between the weights and the unit: the sum, the curve
 * of its function, the gate, and all three. 0 means that a part is not drawn.
 */
const gateWidths = (sum, curve, gate) => ({
  sum,
  curve,
  gate,
  total: sum + curve + gate,
});
/** The widths of gate parts beside the rows. */
const GATE_WIDTHS = gateWidths(46, 28, 42);
/** The widths of gate parts in a panel. */
const PANEL_WIDTHS = gateWidths(45, 24, 40);

/**
 * The places of everything.
 *
 * - `table`: the rows of weights
 * - `subject, t`: the run, and the step from 0
 * - `layout`: the places of the rows, a `Rows`
 * - `blocks`: the columns of weights; empty without weights
 * - `units`: the units that are drawn
 * - `gateWidths`: see `gateWidths`
 * - `ribbon`: the length of the ribbon from a gate to its unit
 * - `width`: the width of a panel
 * - `unitsPerRow`: the panels side by side
 * - `top, left`: the corner of the first panel
 * - `space`: the width of the drawing
 * - `busX`: the x of the line along which h goes up
 * - `isSideBySide`: whether the panels are right of the rows, or below them
 * - `hasNextStep`: whether the text goes on, so that arrows lead to the next step
 */
class Plan {
  constructor(fields) {
    Object.assign(this, fields);
    const { subject, t, layout, blocks } = this.table;
    Object.assign(this, { subject, t, layout, blocks, units: layout.units });
    this.hasNextStep = t + 1 < subject.steps.length;
  }

  /** The width of the gates and ribbons inside a unit, left of its words. */
  get inset() {
    if (this.isSideBySide) return 0;
    const index = this.blocks.length ? this.layout.left - INDEX_GUTTER : 0;
    return PADDING + LETTER_WIDTH + index + this.gateWidths.total + this.ribbon;
  }

  /** The bottom of the drawing. */
  get bottom() {
    const lines = Math.ceil(this.units.length / this.unitsPerRow);
    const units = this.top + lines * (HEIGHT + UNIT_GAP) - UNIT_GAP;
    return this.blocks.length ? Math.max(units, this.layout.bottom + NAMES_HEIGHT) : units;
  }

  /** Each unit with its left top. */
  get corners() {
    return this.units.map((unit, k) => [
      unit,
      this.left + (k % this.unitsPerRow) * (this.width + BUS_WIDTH + UNIT_GAP / 2),
      this.top + Math.floor(k / this.unitsPerRow) * (HEIGHT + UNIT_GAP),
    ]);
  }

  /** The x where h arrives: right of the columns of h_prev. */
  get hArrival() {
    const k = this.blocks.findIndex((block) => block.vector === "h_prev");
    const blocksWidth = columnsWidth(this.blocks.slice(0, k + 1)) - this.blocks[k].gap;
    return this.layout.left + blocksWidth + ARRIVAL_GAP;
  }

  /** The corners of the path of h from a unit with its left at x. */
  hPath(x) {
    if (!this.blocks.length) return [];
    const [own, lineY] = [x + this.width + BUS_WIDTH, this.top - H_LINE_RISE];
    const isLast = own > this.busX - UNIT_GAP;
    const turn = [
      [own, lineY],
      [this.busX, lineY],
    ];
    const arrivalY = this.table.level;
    return [...(isLast ? [] : turn), [this.busX, arrivalY], [this.hArrival, arrivalY]];
  }
}

/**
 * The plan of a step.
 *
 * - `subject, t`: the run, and the step from 0
 * - `units`: the units that are drawn
 * - `width`: the width of the figure
 * - `withRows`: whether the rows of weights are drawn
 */
export function planOf(subject, t, units, width, withRows) {
  const space = innerWidth(width);
  const { length } = subject.steps[0].c;
  const layout = new Rows(units, length, { close: width < NARROWEST_WIDE });
  const edge = space - (layout.close ? NARROW_EDGE_GAP : EDGE_GAP);
  const blocks = withRows ? columnsOf(subject, layout, edge) : [];
  const rightOfRows =
    GATE_WIDTHS.total + MIN_RIBBON + MIN_UNIT_WIDTH + BUS_WIDTH + EDGE_GAP;
  let table = new Table(subject, t, layout, blocks);
  table = table.with({ layout: layout.with({ top: table.top }) });
  const spare = space - rowsRight(table) - rightOfRows;
  return withRows && spare >= 0 ? sideBySide(table, spare) : stacked(table, space, edge);
}

/** The right of the rows. */
const rowsRight = ({ layout, blocks }) => layout.left + columnsWidth(blocks);

/**
 * Units right of the rows; `spare` is the width that is left, which makes all parts
 * wider.
 */
function sideBySide(table, spare) {
  const { layout, blocks } = table;
  const extraWidth = Math.min(MAX_UNIT_WIDTH - MIN_UNIT_WIDTH, spare / 2);
  const extraRibbon = Math.min(MAX_RIBBON - MIN_RIBBON, spare - extraWidth);
  const wideBlocks = widened(blocks, spare - extraWidth - extraRibbon);
  const count = layout.units.length;
  const top = table.level + H_LINE_GAP;
  const unitsBottom = top + count * (HEIGHT + UNIT_GAP) - UNIT_GAP;
  // What the height beside the panels has apart from the rows of four gates.
  const around = 3 * BAND_GAP + NAMES_HEIGHT + NAMES_GAP;
  const rowHeight = (unitsBottom - layout.top - around) / (4 * count);
  const height = Math.min(MAX_ROW_HEIGHT, Math.max(MIN_ROW_HEIGHT, rowHeight));
  const rows = layout.with({ height, gap: BAND_GAP });
  const wide = table.with({ layout: rows, blocks: wideBlocks });
  const left = rowsRight(wide) + GATE_WIDTHS.total + MIN_RIBBON + extraRibbon;
  const edge = left + MIN_UNIT_WIDTH + extraWidth + BUS_WIDTH;
  return new Plan({
    table: wide,
    gateWidths: GATE_WIDTHS,
    ribbon: MIN_RIBBON + extraRibbon,
    width: MIN_UNIT_WIDTH + extraWidth,
    unitsPerRow: 1,
    top,
    left,
    space: edge + EDGE_GAP,
    busX: edge,
    isSideBySide: true,
  });
}

/**
 * Units below the rows, or without rows.
 *
 * - `space`: the width between the margins
 * - `edge`: the x of the line along which h goes up
 */
function stacked(table, space, edge) {
  const { layout, blocks } = table;
  const maxUnits = space >= MIN_TWO_UNITS_WIDTH ? 2 : 1;
  const unitsPerRow = Math.min(layout.units.length, maxUnits);
  const width =
    (edge - unitsPerRow * BUS_WIDTH - ((unitsPerRow - 1) * UNIT_GAP) / 2) / unitsPerRow;
  const plan = {
    gateWidths: gateWidths(0, 0, PANEL_WIDTHS.gate),
    top: 0,
    table,
  };
  if (blocks.length) {
    const rows = layout.with({ height: MIN_ROW_HEIGHT });
    plan.gateWidths = PANEL_WIDTHS;
    plan.table = table.with({ layout: rows });
    if (blocks[0].isPrinted) {
      const spare = edge - BUS_WIDTH - rowsRight(plan.table);
      plan.table = plan.table.with({ blocks: widened(blocks, spare) });
    }
    plan.top = rows.bottom + PANELS_GAP;
  }
  return new Plan({
    ...plan,
    ribbon: PANEL_RIBBON,
    width,
    unitsPerRow,
    left: 0,
    space,
    busX: edge,
    isSideBySide: false,
  });
}

/** The blocks of all weights; without numbers if these do not fit. */
function columnsOf(subject, layout, edge) {
  const weightColumns = weights(subject, layout);
  const availableWidth = edge - BUS_GAP;
  return layout.left + columnsWidth(weightColumns) > availableWidth
    ? withoutNumbers(weightColumns, availableWidth - layout.left)
    : weightColumns;
}
