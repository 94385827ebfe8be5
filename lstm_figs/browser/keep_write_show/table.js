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

const VECTOR_TOP = 17;
const [VECTOR_HEIGHT, TURNED_HEIGHT] = [24, 48];
const MIN_UPRIGHT_WIDTH = 40;
const ARROW_LENGTH = 25;
const AXIS_OF = { x: "input", h_prev: "column" };
const ROLES = { x: "ink", h_prev: "h" };
const SYMBOLS = { weight_ih: "W_{ih}", weight_hh: "W_{hh}" };

/** The top of the rows, below the vectors. */
export const top = (blocks) =>
  VECTOR_TOP +
  (blocks.some(hasTurnedNumbers) ? TURNED_HEIGHT : VECTOR_HEIGHT) +
  ARROW_LENGTH;

/** Whether the numbers above a block are turned, because its columns are narrow. */
const hasTurnedNumbers = (block) => !block.isPrinted && block.width < MIN_UPRIGHT_WIDTH;

/** The middle of the vectors. */
export const level = (layout) => (VECTOR_TOP + layout.top - ARROW_LENGTH) / 2;

/** The blocks with their vectors; `rowIds` gives the ids of the marks beside a row. */
export function blockPieces(subject, t, layout, blocks, rowIds) {
  const of = (row, gate, unit) => [
    ...blocks.map(({ name }) => `${name}-${row}-*`),
    ...rowIds(gate, unit),
  ];
  const half = (layout.height + layout.gap) / 2;
  const last = layout.units.at(-1);
  const rowMarks = gutterMarks(layout, of);
  const magnitudes = blocks.flatMap(({ numbers }) =>
    [...numbers.values()].flat().map(({ value }) => Math.abs(value)),
  );
  const end = Math.max(...magnitudes) || 1;
  const others = [];
  let x = layout.left;
  blocks.forEach((block, k) => {
    const { name, vector: vectorName } = block;
    const vector = vectorName ? subject.vector(vectorName, t) : [];
    const faint = new Set(vector.flatMap(({ value }, j) => (value === 0 ? [j] : [])));
    const where = `${vectorName}[${t}, 0, ${AXIS_OF[vectorName]}] == 0`;
    rowMarks.push(...cells(layout, x, block, end, faint, where));
    // Narrow columns have short names, and the last one is lower, to avoid overlap.
    const caption = block.isPrinted ? block.label : (SYMBOLS[name] ?? block.label);
    const labelY = layout.bottom + 11 + (k === 3 && !block.isPrinted ? 14 : 0);
    others.push(
      label(
        x + middleOf(block),
        labelY,
        caption,
        { tensor: name },
        [`${name}-*-*`],
        "column",
        {
          style: caption.startsWith("weight") ? FINE_CODE : FINE,
          anchor: "middle",
          term: name,
        },
      ),
    );
    if (vectorName) others.push(...vectorMarks(x, layout, block, vector, t));
    x += block.length * block.width + block.gap;
  });
  return [
    piece("", others),
    ...gatePieces(rowMarks, (gate) => layout.y(gate, last) + half),
  ];
}

/** The vector above a block, each element over its column. */
function vectorMarks(x, layout, block, vector, t) {
  const vectorName = block.vector;
  const [stroke, places] = [ROLES[vectorName], decimals(vector)];
  const height = 2 * (level(layout) - VECTOR_TOP);
  const [elements, arrows] = [[], []];
  vector.forEach((element, k) => {
    const [left, id] = [x + k * block.width, `${vectorName}-${t}-${k}`];
    const center = left + block.width / 2 - 1;
    const options = { size: SMALL, places, maxChars: 5, id, term: vectorName };
    let printed = number(center, level(layout), element, options);
    if (hasTurnedNumbers(block)) {
      printed = { ...printed, x: center + middleToBaseline(SMALL), y: level(layout), turn: 90 };
    }
    const around = box({
      x: left,
      y: VECTOR_TOP,
      width: block.width - 2,
      height,
      radius: 3,
      stroke,
      id: `${id}-cell`,
      term: vectorName,
      bound: [bound.node(element.expr)],
    });
    elements.push(around, printed);
    const first = `${block.name}-${layout.row(...layout.gateUnitPairs[0])}-${k}`;
    const head = block.isPrinted ? `${first}-cell` : first;
    arrows.push(
      arrow(
        [center, layout.top - ARROW_LENGTH + 3],
        [center, layout.top - 3],
        [bound.flow("meets", `${id}-cell`, head)],
      ),
    );
  });
  const id = `${vectorName}-${t}`;
  const vectorLabel = label(
    x + middleOf(block),
    VECTOR_TOP - 10,
    vectorName,
    { tensor: vectorName },
    [id],
    "column",
    {
      anchor: "middle",
      style: STRONG_CODE,
      fill: stroke,
      term: vectorName,
    },
  );
  return [
    vectorLabel,
    group(elements, [bound.node(`${vectorName}[${t}, 0]`)], { id }),
    ...arrows,
  ];
}
