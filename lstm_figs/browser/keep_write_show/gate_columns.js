// The columns of weights in the rows: `figures/keep_write_show/gate_columns.py`.

import { cellWidth, DIGIT_WIDTH } from "./weight_rows.js";

/** The most characters of a number in a cell; the second is for narrow forms. */
const [MAX_CHARS, MAX_CHARS_CLOSE] = [6, 5];
/** The gaps right of a block of weights, in the wide and in a narrow form. */
const [BLOCK_GAP, NARROW_BLOCK_GAP] = [6, 4];
/** The gap between two cells, which is a part of their columns. */
const CELL_GAP = 2;
/** The most width that a cell gains when there is space to spare. */
const MAX_EXTRA_WIDTH = 40;
/** The least width of a column with an element of a vector above it: see `cellWidth`. */
const MIN_VECTOR_COLUMN_WIDTH = MAX_CHARS_CLOSE * DIGIT_WIDTH + 4.5;

/** The total width of blocks. */
export const columnsWidth = (blocks) =>
  blocks.reduce((sum, block) => sum + block.length * block.width + block.gap, 0);

/** The middle of a block's cells, from its left. */
export const middleOf = (block) => (block.length * block.width - CELL_GAP) / 2;

/**
 * The blocks of all weights and biases. A block is the columns of one parameter:
 *
 * - `name`: the parameter, such as `weight_ih`
 * - `label`: its short name, below its columns
 * - `vector`: the vector that it multiplies, `x` or `h_prev`; empty for a bias
 * - `length`: the number of its columns
 * - `width`: the width of a column
 * - `numbers`: row of the parameter -> its numbers
 * - `maxChars`: the most characters of a number
 * - `isPrinted`: whether cells have their numbers in them
 * - `gap`: the space right of the block
 */
export function weights(subject, layout) {
  const [gap, maxChars] = layout.close
    ? [NARROW_BLOCK_GAP, MAX_CHARS_CLOSE]
    : [BLOCK_GAP, MAX_CHARS];
  // `at` gives the numbers of a row, and `more` has the gap.
  const block = (name, label, vector, at, more) => {
    const numbers = new Map(
      layout.gateUnitPairs.map(([gate, unit]) => {
        const row = layout.row(gate, unit);
        return [row, at(row)];
      }),
    );
    const [{ length }] = numbers.values();
    const nameWidth = (name.length * DIGIT_WIDTH + CELL_GAP) / length;
    const minWidth = vector ? Math.max(nameWidth, MIN_VECTOR_COLUMN_WIDTH) : 0;
    const width = cellWidth([...numbers.values()].flat(), maxChars, minWidth);
    return {
      name,
      label,
      vector,
      length,
      width,
      numbers,
      maxChars,
      isPrinted: true,
      ...more,
    };
  };
  const matrix = (name, vector, count) =>
    block(
      name,
      name,
      vector,
      (row) => Array.from({ length: count }, (_, k) => subject.parameter(name, row, k)),
      { gap },
    );
  const bias = (name, label, last) =>
    block(name, label, "", (row) => [subject.parameter(name, row)], { gap: last });
  return [
    matrix("weight_ih", "x", subject.steps[0].x.length),
    matrix("weight_hh", "h_prev", subject.steps[0].h_prev.length),
    bias("bias_ih", "b_{ih}", 0),
    bias("bias_hh", "b_{hh}", gap),
  ];
}

/** The number of columns of all blocks. */
const columnCount = (blocks) => blocks.reduce((sum, block) => sum + block.length, 0);

/** The blocks without numbers, as wide as the available width allows. */
export function withoutNumbers(blocks, availableWidth) {
  const spare = availableWidth - blocks.reduce((sum, block) => sum + block.gap, 0);
  const columnWidth = spare / columnCount(blocks);
  return blocks.map((block) => ({
    ...block,
    width: Math.min(block.width, columnWidth),
    isPrinted: false,
  }));
}

/** The blocks with spare width added to their columns, which share it equally. */
export function widened(blocks, spare) {
  const extraWidth = Math.min(
    MAX_EXTRA_WIDTH,
    Math.max(0, spare) / columnCount(blocks),
  );
  return blocks.map((block) => ({ ...block, width: block.width + extraWidth }));
}
