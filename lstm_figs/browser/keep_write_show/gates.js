// From a row's sum to its gate, and the ribbon from there to the unit:
// `figures/keep_write_show/gates.py`.

import { bound, box } from "../twin/marks.js";
import { number, paragraph, sentence, SMALL } from "../twin/words.js";
import { activationCurve, ribbon as curved } from "./gauges.js";
import { piece, USE_OF } from "./pieces.js";
import { role } from "./weight_rows.js";
import { WORDS_Y, wordsId } from "./panels.js";

/** The gaps between a sum and its curve, and between the curve and the gate. */
const [SUM_GAP, CURVE_GAP] = [6, 4];
/** The most characters of a sum or a gate, and the height of the cell of a gate. */
const [MAX_CHARS, CELL_HEIGHT] = [5, 24];
/** More than the width of a heading, so that it is one line. */
const HEADING_WIDTH = 90;

/**
 * The headings of the columns.
 *
 * - `x`: the left of the columns
 * - `y`: the top of the headings
 * - `widths`: of the columns, see `gateWidths` in `plan.js`
 */
export const headings = (x, y, widths) =>
  [
    ["sum", x + widths.sum - SUM_GAP, "end"],
    ["i, f, g, o", x + widths.total - widths.gate / 2, "middle"],
  ].map(([heading, at, anchor]) => {
    const options = { size: SMALL, anchor };
    const [lines] = paragraph(at, y, sentence(heading), HEADING_WIDTH, options);
    return lines;
  });

/**
 * A row's sum, the curve of its function with a point, and its gate, as one piece.
 *
 * - `subject, t`: the run, and the step from 0
 * - `gate, unit`: whose row it is
 * - `x, y`: the left and the middle of the row
 * - `widths`: of its columns, see `gateWidths` in `plan.js`
 */
export function row(subject, t, gate, unit, x, y, widths) {
  const [paint, id] = [role(gate), `${gate}-${t}-${unit}`];
  const z = subject.vector(`z_${gate}`, t)[unit];
  const value = subject.vector(gate, t)[unit];
  const curveLeft = x + widths.sum;
  const marks = [];
  if (widths.sum) {
    const options = { size: SMALL, maxChars: MAX_CHARS, anchor: "end", term: `z_${gate}` };
    marks.push(
      number(curveLeft - SUM_GAP, y, z, { ...options, id: `z-${t}-${gate}-${unit}` }),
    );
  }
  if (widths.curve) {
    const options = { paint, tanh: gate === "g", id: `${id}-point`, term: gate };
    marks.push(
      ...activationCurve(curveLeft, y, widths.curve - CURVE_GAP, z, value, options),
    );
  }
  marks.push(...cell(value, gate, id, curveLeft + widths.curve, y, widths.gate));
  return piece(USE_OF[gate], marks);
}

/** A gate: its value on a tinted cell; `y` is its middle. */
const cell = (value, gate, id, left, y, width) => [
  box({
    x: left,
    y: y - CELL_HEIGHT / 2,
    width,
    height: CELL_HEIGHT,
    radius: 4,
    fill: `${role(gate)}:18`,
    id: `${id}-cell`,
    term: gate,
    bound: [bound.node(value.expr)],
  }),
  number(left + width / 2, y, value, {
    size: SMALL,
    maxChars: MAX_CHARS,
    bold: true,
    id,
    term: gate,
  }),
];

/**
 * From a gate to its words in a unit, as one piece.
 *
 * - `t, gate, unit`: the step from 0, and whose gate it is
 * - `start`: the point at the right of the gate
 * - `panel`: the left top of the unit
 * - `ground`: the colour behind the ribbon
 */
export function ribbon(t, gate, unit, start, panel, ground) {
  const [left, top] = panel;
  // The ribbons of i and g end at the same line, one above the other.
  const offset = { i: -4, g: 4 }[gate] ?? 0;
  const stop = [left, top + WORDS_Y[USE_OF[gate]] + offset];
  const tail = `${gate}-${t}-${unit}-cell`;
  return piece(
    USE_OF[gate],
    curved(start, stop, role(gate), tail, wordsId(t, gate, unit), ground),
  );
}
