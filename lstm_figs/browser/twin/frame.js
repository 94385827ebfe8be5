// The title, the lead and the notes around a figure: `render/frame.py` and
// `render/compose.py`.

import { box, path, shift } from "./marks.js";
import { baseline, LEAD, margin, paragraph, SMALL, TITLE, width } from "./words.js";

/**
 * A sheet: its size, where the body begins (`side`, `top`), and all marks at their
 * final places.
 *
 * - `head`: the `title`, `lead`, `provenance` and `notes`, each a `sentence`
 * - `bodyWidth, height`: the size of the drawing
 * - `figureWidth`: the least width of the figure, with its margins
 * - `body`: the marks of the drawing, with its left top at 0, 0
 */
export function frame(head, bodyWidth, height, figureWidth, body) {
  const side = margin(figureWidth);
  const column = Math.max(bodyWidth, figureWidth - 2 * side);
  const right = side + column;
  // The title has some space above its letters.
  let y = side - 2;
  // Whether the provenance fits right of the title, with a gap of 20.
  const isOneLine =
    width(head.title.text, TITLE, true) + width(head.provenance.text, SMALL) <=
    column - 20;
  const [title, below] = paragraph(side, y, head.title, column, {
    size: TITLE,
    fill: "ink",
    bold: true,
  });
  let line = null;
  if (isOneLine) {
    const level = y + baseline(TITLE) - baseline(SMALL);
    const options = { size: SMALL, anchor: "end" };
    [line] = paragraph(right, level, head.provenance, column, options);
    y = below;
  } else {
    [line, y] = paragraph(side, below, head.provenance, column, { size: SMALL });
  }
  const [lead, under] = paragraph(side, y + 2, head.lead, column, { size: LEAD });
  const top = under + 18;
  y = top + height + 16;
  const after = [];
  if (head.notes.length) {
    after.push(
      path(
        [
          ["M", [side, y]],
          ["L", [right, y]],
        ],
        { stroke: "rule" },
      ),
    );
    y += 8;
  }
  for (const note of head.notes) {
    const [lines, bottom] = paragraph(side, y, note, column);
    after.push(lines);
    y = bottom;
  }
  const sheet = { width: column + 2 * side, height: y + side - 4 };
  const paper = box({ x: 0, y: 0, ...sheet, fill: "paper" });
  const moved = body.map((mark) => shift(mark, side, top));
  return { ...sheet, side, top, marks: [paper, title, line, lead, ...moved, ...after] };
}
