// Marks by their use, keep, write or show: `figures/keep_write_show/pieces.py`.

import { group, shift } from "../twin/marks.js";
import { GATES } from "./weight_rows.js";

/** The use of each gate. */
export const USE_OF = { i: "write", f: "keep", g: "write", o: "show" };

/** The opacity of marks outside the focus. */
const FADED_OPACITY = 0.2;

/** Marks of one use: `keep`, `write`, `show`, or empty for all of these. */
export const piece = (use, marks) => ({ use, marks });

/** The piece moved by `(dx, dy)`. */
export const moved = ({ use, marks }, dx, dy) =>
  piece(
    use,
    marks.map((mark) => shift(mark, dx, dy)),
  );

/** Marks in rows as one piece for each gate; `bandBottom` gives a band's bottom. */
export function gatePieces(marks, bandBottom) {
  const gateOf = ({ y }) => GATES.find((gate) => y < bandBottom(gate));
  return GATES.map((gate) =>
    piece(
      USE_OF[gate],
      marks.filter((mark) => gateOf(mark) === gate),
    ),
  );
}

/**
 * All marks of some pieces; `focus` is a use or `all`, and marks outside it are faded.
 */
export const focused = (pieces, focus) =>
  pieces.flatMap(({ use, marks }) => {
    if (focus === "all" || !use || use === focus) return marks;
    return marks.length ? [group(marks, [], { opacity: FADED_OPACITY })] : [];
  });
