// From a row's sum to its gate, and the ribbon to what the gate is for:
// `figures/keep_write_show/gates.py`.

import { bound, box } from "../twin/marks.js";
import { number, paragraph, sentence, SMALL } from "../twin/words.js";
import { curve, ribbon as curved } from "./gauges.js";
import { OF, piece } from "./pieces.js";
import { role } from "./weight_rows.js";
import { LINES, saidId } from "./panels.js";

/** What stands above the columns; `y` is the top of it. */
export const heads = (x, y, ends) =>
  [
    ["sum", x + ends.sum - 6, "end"],
    ["i, f, g, o", x + ends.width - ends.gate / 2, "middle"],
  ].map(
    ([head, at, anchor]) =>
      paragraph(at, y, sentence(head), 90, { size: SMALL, anchor })[0],
  );

/** A row's sum, its function with this step's point, and its gate. */
export function row(subject, t, gate, unit, x, y, ends) {
  const [paint, id] = [role(gate), `${gate}-${t}-${unit}`];
  const z = subject.vector(`z_${gate}`, t)[unit];
  const opened = subject.vector(gate, t)[unit];
  const after = x + ends.sum;
  const left = after + ends.curve;
  const marks = [];
  if (ends.sum) {
    const given = { size: SMALL, room: 5, anchor: "end", term: `z_${gate}` };
    marks.push(number(after - 6, y, z, { ...given, id: `z-${t}-${gate}-${unit}` }));
  }
  if (ends.curve) {
    const given = { paint, tanh: gate === "g", id: `${id}-point`, term: gate };
    marks.push(...curve(after, y, ends.curve - 4, z, opened, given));
  }
  marks.push(
    box({
      x: left,
      y: y - 12,
      width: ends.gate,
      height: 24,
      radius: 4,
      fill: `${paint}:18`,
      id: `${id}-cell`,
      term: gate,
      bound: [bound.node(opened.expr)],
    }),
    number(left + ends.gate / 2, y, opened, {
      size: SMALL,
      room: 5,
      bold: true,
      id,
      term: gate,
    }),
  );
  return piece(OF[gate], marks);
}

/** From a gate to the words of what it is for, in a unit whose left top is `panel`. */
export function ribbon(t, gate, unit, start, panel) {
  const [left, top] = panel;
  // Both of a write arrive at its line, one above the other.
  const aside = { i: -4, g: 4 }[gate] ?? 0;
  const stop = [left, top + LINES[OF[gate]] + aside];
  const tail = `${gate}-${t}-${unit}-cell`;
  return piece(OF[gate], curved(start, stop, role(gate), tail, saidId(t, gate, unit)));
}
