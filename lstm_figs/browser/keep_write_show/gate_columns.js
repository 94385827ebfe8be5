// Columns of the rows, every weight: `figures/keep_write_show/gate_columns.py`.

import { CHARACTER, cellWidth } from "./weight_rows.js";

const [ROOM, CLOSE] = [6, 5];
const AIRY = 16;
const MET = CLOSE * CHARACTER + 4.5;

/** The width of blocks beside each other. */
export const widthOfAll = (blocks) =>
  blocks.reduce((sum, one) => sum + one.length * one.width + one.apart, 0);

/** The middle of the cells of a block, from its left. */
export const middleOf = (block) => (block.length * block.width - 2) / 2;

/** Every weight of the rows. */
export function weights(subject, where) {
  const [apart, room] = where.close ? [4, CLOSE] : [6, ROOM];
  const block = (name, label, above, at, more) => {
    const values = new Map(
      where.each.map(([gate, unit]) => {
        const row = where.row(gate, unit);
        return [row, at(row)];
      }),
    );
    const [{ length }] = values.values();
    const named = (name.length * CHARACTER + 2) / length;
    const least = above ? Math.max(named, MET) : 0;
    const width = cellWidth([...values.values()].flat(), room, least);
    return { name, label, above, length, width, values, room, printed: true, ...more };
  };
  const matrix = (name, above, count) =>
    block(
      name,
      name,
      above,
      (row) => Array.from({ length: count }, (_, k) => subject.parameter(name, row, k)),
      { apart },
    );
  const bias = (name, label, last) =>
    block(name, label, "", (row) => [subject.parameter(name, row)], { apart: last });
  return [
    matrix("weight_ih", "x", subject.steps[0].x.length),
    matrix("weight_hh", "h_prev", subject.steps[0].h_prev.length),
    bias("bias_ih", "b_{ih}", 0),
    bias("bias_hh", "b_{hh}", apart),
  ];
}

const countOf = (blocks) => blocks.reduce((sum, one) => sum + one.length, 0);

/** Columns without numbers, as wide as there is room for. */
export function byColour(blocks, room) {
  const spare = room - blocks.reduce((sum, one) => sum + one.apart, 0);
  const wide = spare / countOf(blocks);
  return blocks.map((one) => ({
    ...one,
    width: Math.min(one.width, wide),
    printed: false,
  }));
}

/** Columns with more room around their numbers, if there is some. */
export function airy(blocks, spare) {
  const more = Math.min(AIRY, Math.max(0, spare) / countOf(blocks));
  return blocks.map((one) => ({ ...one, width: one.width + more }));
}
