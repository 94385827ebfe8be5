// Marks by what they are for: `figures/keep_write_show/pieces.py`.

import { group, shift } from "../twin/marks.js";
import { GATES } from "./weight_rows.js";

export const OF = { i: "write", f: "keep", g: "write", o: "show" };

const FADED = 0.2;

/** Marks that are for one of the three uses, or for all. */
export const piece = (use, marks) => ({ use, marks });

export const moved = ({ use, marks }, dx, dy) =>
  piece(
    use,
    marks.map((mark) => shift(mark, dx, dy)),
  );

/** Marks in rows, by the gate above the bottom of whose band they stand. */
export function ofGates(marks, bottom) {
  const gateOf = ({ y }) => GATES.find((gate) => y < bottom(gate));
  return GATES.map((gate) =>
    piece(
      OF[gate],
      marks.filter((mark) => gateOf(mark) === gate),
    ),
  );
}

/** All marks; those for something else than the focus are faded. */
export const focused = (pieces, focus) =>
  pieces.flatMap(({ use, marks }) => {
    if (focus === "all" || !use || use === focus) return marks;
    return marks.length ? [group(marks, [], { opacity: FADED })] : [];
  });
