// The weights in their rows, and the vectors that meet them:
// `figures/keep_write_show/table.py`.

import { bound, box, group } from "../twin/marks.js";
import {
  decimals,
  FINE,
  FINE_CODE,
  label,
  middle,
  number,
  SMALL,
  STRONG_CODE,
} from "../twin/words.js";
import { arrow } from "./arrows.js";
import { middleOf } from "./gate_columns.js";
import { ofGates, piece } from "./pieces.js";
import { cells, gutter } from "./weight_rows.js";

const VECTOR = 17;
const [HIGH, TALL] = [24, 48];
const UPRIGHT = 40;
const ARROW = 25;
const COLUMN = { x: "input", h_prev: "column" };
const ROLES = { x: "ink", h_prev: "h" };
const SYMBOLS = { weight_ih: "W_{ih}", weight_hh: "W_{hh}" };

/** The top of the rows, below the vectors. */
export const topOf = (blocks) => VECTOR + (blocks.some(turned) ? TALL : HIGH) + ARROW;

/** Whether numbers over its columns are turned, as these are narrow. */
const turned = (block) => !block.printed && block.width < UPRIGHT;

/** The middle of the vectors. */
export const level = (where) => (VECTOR + where.top - ARROW) / 2;

/** The blocks in their rows, with what they meet above them; `made` stands beside. */
export function table(subject, t, where, blocks, made) {
  const of = (row, gate, unit) => [
    ...blocks.map(({ name }) => `${name}-${row}-*`),
    ...made(gate, unit),
  ];
  const half = (where.height + where.apart) / 2;
  const last = where.units.at(-1);
  const banded = gutter(where, of);
  const sizes = blocks.flatMap(({ values }) =>
    [...values.values()].flat().map(({ value }) => Math.abs(value)),
  );
  const end = Math.max(...sizes) || 1;
  const others = [];
  let x = where.left;
  blocks.forEach((block, k) => {
    const { name, above } = block;
    const vector = above ? subject.vector(above, t) : [];
    const faint = new Set(vector.flatMap(({ value }, j) => (value === 0 ? [j] : [])));
    const meets = `${above}[${t}, 0, ${COLUMN[above]}] == 0`;
    banded.push(...cells(where, x, block, end, faint, meets));
    // Names of narrow columns are short, and lower where two would meet.
    const shown = block.printed ? block.label : (SYMBOLS[name] ?? block.label);
    const lower = where.bottom + 11 + (k === 3 && !block.printed ? 14 : 0);
    others.push(
      label(
        x + middleOf(block),
        lower,
        shown,
        { tensor: name },
        [`${name}-*-*`],
        "column",
        {
          style: shown.startsWith("weight") ? FINE_CODE : FINE,
          anchor: "middle",
          term: name,
        },
      ),
    );
    if (above) others.push(...over(x, where, block, vector, t));
    x += block.length * block.width + block.apart;
  });
  return [piece("", others), ...ofGates(banded, (gate) => where.y(gate, last) + half)];
}

/** The vector that meets a block, each element over its column. */
function over(x, where, block, vector, t) {
  const { above } = block;
  const [stroke, places] = [ROLES[above], decimals(vector)];
  const high = 2 * (level(where) - VECTOR);
  const [elements, arrows] = [[], []];
  vector.forEach((one, k) => {
    const [left, id] = [x + k * block.width, `${above}-${t}-${k}`];
    const center = left + block.width / 2 - 1;
    const given = { size: SMALL, places, room: 5, id, term: above };
    let printed = number(center, level(where), one, given);
    if (turned(block)) {
      printed = { ...printed, x: center + middle(SMALL), y: level(where), turn: 90 };
    }
    const around = box({
      x: left,
      y: VECTOR,
      width: block.width - 2,
      height: high,
      radius: 3,
      stroke,
      id: `${id}-cell`,
      term: above,
      bound: [bound.node(one.expr)],
    });
    elements.push(around, printed);
    const first = `${block.name}-${where.row(...where.each[0])}-${k}`;
    const head = block.printed ? `${first}-cell` : first;
    arrows.push(
      arrow(
        [center, where.top - ARROW + 3],
        [center, where.top - 3],
        [bound.flow("meets", `${id}-cell`, head)],
      ),
    );
  });
  const id = `${above}-${t}`;
  const named = label(
    x + middleOf(block),
    VECTOR - 10,
    above,
    { tensor: above },
    [id],
    "column",
    {
      anchor: "middle",
      style: STRONG_CODE,
      fill: stroke,
      term: above,
    },
  );
  return [named, group(elements, [bound.node(`${above}[${t}, 0]`)], { id }), ...arrows];
}
