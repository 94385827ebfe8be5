// The weights in their rows, and the vectors above them:
// `figures/keep_write_show/table.py`.

import { bound, box, group } from "../twin/marks.js";
import {
  decimals,
  FINE,
  FINE_CODE,
  label,
  middleToBaseline,
  number,
  SMALL,
  STRONG_CODE,
} from "../twin/words.js";
import { arrow } from "./arrows.js";
import { middleOf } from "./gate_columns.js";
import { gatePieces, piece } from "./pieces.js";
import { cells, gutterMarks } from "./weight_rows.js";

/** The top edge of a vector. */
const VECTOR_TOP = 17;
/** The height of a vector, and its height if its numbers are rotated. */
const [VECTOR_HEIGHT, TURNED_HEIGHT] = [24, 48];
/** Columns narrower than this have rotated numbers above them. */
const MIN_UPRIGHT_WIDTH = 40;
/** The distance from a vector down to the rows, and the gaps at both ends of the arrows. */
const [ARROW_LENGTH, ARROW_GAP] = [25, 3];
/** The middle of a vector's name above it. */
const NAME_RISE = 10;
/** The middle of a block's name below the rows. */
const NAME_DROP = 11;
/** The most characters of an element. */
const MAX_CHARS = 5;
/** The name of a vector's index in `words.label`. */
const AXIS_OF = { x: "input", h_prev: "column" };
/** The colour of each vector. */
const ROLES = { x: "ink", h_prev: "h" };
/** The short names of weights, for narrow columns. */
const SYMBOLS = { weight_ih: "W_{ih}", weight_hh: "W_{hh}" };

/** Whether the numbers above a block are turned, because its columns are narrow. */
const hasTurnedNumbers = (block) => !block.isPrinted && block.width < MIN_UPRIGHT_WIDTH;

/**
 * The rows of weights at a step, and the vectors above them.
 *
 * - `subject, t`: the run, and the step from 0
 * - `layout`: the places of the rows, a `Rows`
 * - `blocks`: the columns, from `weights` in `gate_columns.js`
 */
export class Table {
  constructor(subject, t, layout, blocks) {
    Object.assign(this, { subject, t, layout, blocks });
  }

  /** A copy with different rows or columns. */
  with({ layout = this.layout, blocks = this.blocks }) {
    return new Table(this.subject, this.t, layout, blocks);
  }

  /** The top of the rows, below the vectors. */
  get top() {
    const height = this.blocks.some(hasTurnedNumbers) ? TURNED_HEIGHT : VECTOR_HEIGHT;
    return VECTOR_TOP + height + ARROW_LENGTH;
  }

  /** The middle of the vectors. */
  get level() {
    return (VECTOR_TOP + this.layout.top - ARROW_LENGTH) / 2;
  }

  /** The left of each block. */
  get lefts() {
    let x = this.layout.left;
    return this.blocks.map((block) => {
      const left = x;
      x += block.length * block.width + block.gap;
      return left;
    });
  }

  /** The rows with their vectors; `rowIds` gives the ids of the marks beside a row. */
  pieces(rowIds) {
    const { layout, lefts } = this;
    const around = this.blocks.flatMap((block, k) => [
      this.blockName(k, lefts[k]),
      ...this.vector(block, lefts[k]),
    ]);
    const half = (layout.height + layout.gap) / 2;
    const last = layout.units.at(-1);
    return [
      piece("", around),
      ...gatePieces(this.rows(rowIds), (gate) => layout.y(gate, last) + half),
    ];
  }

  /** The cells of all blocks, and the letters and indices left of them. */
  rows(rowIds) {
    const { blocks, layout, lefts } = this;
    const magnitudes = blocks.flatMap(({ numbers }) =>
      [...numbers.values()].flat().map(({ value }) => Math.abs(value)),
    );
    // If all weights are 0, any end will do.
    const end = Math.max(...magnitudes) || 1;
    const of = (row, gate, unit) => [
      ...blocks.map(({ name }) => `${name}-${row}-*`),
      ...rowIds(gate, unit),
    ];
    return [
      ...gutterMarks(layout, of),
      ...blocks.flatMap((block, k) => {
        const [zeros, where] = this.zeroColumns(block);
        return cells(layout, lefts[k], block, end, zeros, where);
      }),
    ];
  }

  /** The columns whose weights meet a zero, and the expression that selects them. */
  zeroColumns({ vector: name }) {
    if (!name) return [new Set(), ""];
    const zeros = this.subject
      .vector(name, this.t)
      .flatMap(({ value }, k) => (value === 0 ? [k] : []));
    return [new Set(zeros), `${name}[${this.t}, 0, ${AXIS_OF[name]}] == 0`];
  }

  /** The name of a block below its columns. */
  blockName(k, x) {
    const block = this.blocks[k];
    // Narrow columns have short names.
    const caption = block.isPrinted ? block.label : (SYMBOLS[block.name] ?? block.label);
    return label(
      x + middleOf(block),
      this.layout.bottom + NAME_DROP,
      caption,
      { tensor: block.name },
      [`${block.name}-*-*`],
      "column",
      {
        style: caption.startsWith("weight") ? FINE_CODE : FINE,
        anchor: "middle",
        term: block.name,
      },
    );
  }

  /** The vector above a block, with its name and arrows to the rows. */
  vector(block, x) {
    if (!block.vector) return [];
    const [vector, arrows] = this.elements(block, x);
    const name = label(
      x + middleOf(block),
      VECTOR_TOP - NAME_RISE,
      block.vector,
      { tensor: block.vector },
      [vector.id],
      "column",
      {
        anchor: "middle",
        style: STRONG_CODE,
        fill: ROLES[block.vector],
        term: block.vector,
      },
    );
    return [name, vector, ...arrows];
  }

  /** Each element of a vector above its column, and the arrows down to the rows. */
  elements(block, x) {
    const { layout, t } = this;
    const vector = this.subject.vector(block.vector, t);
    const places = decimals(vector);
    const [elements, arrows] = [[], []];
    vector.forEach((number, k) => {
      const left = x + k * block.width;
      const [cell, printed] = this.element(block, k, number, left, places);
      elements.push(cell, printed);
      const center = left + block.width / 2 - 1;
      arrows.push(
        arrow(
          [center, layout.top - ARROW_LENGTH + ARROW_GAP],
          [center, layout.top - ARROW_GAP],
          [bound.flow("meets", cell.id, this.firstCell(block, k))],
        ),
      );
    });
    const binding = bound.node(`${block.vector}[${t}, 0]`);
    return [group(elements, [binding], { id: `${block.vector}-${t}` }), arrows];
  }

  /** An element of a vector: its box and its number. */
  element(block, k, element, left, places) {
    const { level } = this;
    const id = `${block.vector}-${this.t}-${k}`;
    const center = left + block.width / 2 - 1;
    const options = { size: SMALL, places, maxChars: MAX_CHARS, id, term: block.vector };
    let printed = number(center, level, element, options);
    if (hasTurnedNumbers(block)) {
      printed = { ...printed, x: center + middleToBaseline(SMALL), y: level, turn: 90 };
    }
    const cell = box({
      x: left,
      y: VECTOR_TOP,
      width: block.width - 2,
      height: 2 * (level - VECTOR_TOP),
      radius: 3,
      stroke: ROLES[block.vector],
      id: `${id}-cell`,
      term: block.vector,
      bound: [bound.node(element.expr)],
    });
    return [cell, printed];
  }

  /** The id of the topmost cell of a column. */
  firstCell(block, k) {
    const id = `${block.name}-${this.layout.row(...this.layout.gateUnitPairs[0])}-${k}`;
    return block.isPrinted ? `${id}-cell` : id;
  }
}
