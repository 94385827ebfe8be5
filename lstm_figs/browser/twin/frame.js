// What a figure has around it: `render/frame.py` and `render/compose.py`.

import { box, path, shift, walk } from "./marks.js";
import { isSmall, shortened } from "./numbers.js";
import { baseline, LEAD, margin, paragraph, SMALL, TITLE, width } from "./words.js";

/** A body with its words, everything at its final place. */
export function frame(head, wide, height, room, body) {
  const side = margin(room);
  const column = Math.max(wide, room - 2 * side);
  const right = side + column;
  let y = side - 2;
  const beside =
    width(head.title.text, TITLE, true) + width(head.provenance.text, SMALL) <=
    column - 20;
  const [title, below] = paragraph(side, y, head.title, column, {
    size: TITLE,
    fill: "ink",
    bold: true,
  });
  let line = null;
  if (beside) {
    const level = y + baseline(TITLE) - baseline(SMALL);
    const given = { size: SMALL, anchor: "end" };
    [line] = paragraph(right, level, head.provenance, column, given);
    y = below;
  } else {
    [line, y] = paragraph(side, below, head.provenance, column, { size: SMALL });
  }
  const [lead, under] = paragraph(side, y + 2, head.lead, column, { size: LEAD });
  const top = under + 18;
  y = top + height + 16;
  const after = [path([["M", [side, y]], ["L", [right, y]]], { stroke: "rule" })];
  y += 8;
  for (const note of head.notes) {
    const [lines, bottom] = paragraph(side, y, note, column);
    after.push(lines);
    y = bottom;
  }
  const sheet = { width: column + 2 * side, height: y + side - 4 };
  const paper = box({ x: 0, y: 0, ...sheet, fill: "paper" });
  const moved = alike(body).map((mark) => shift(mark, side, top));
  return { ...sheet, side, top, marks: [paper, title, line, lead, ...moved, ...after] };
}

/** Marks whose small numbers all have exponents, if some need them. */
function alike(marks) {
  const needed = [...walk(marks)].some(
    (mark) => mark.number && mark.content.includes("e−"),
  );
  const changed = (mark) => {
    if (mark.kind === "group") return { ...mark, marks: mark.marks.map(changed) };
    const { number, content } = mark;
    if (!number || content.includes("e") || !isSmall(number.value)) return mark;
    return { ...mark, content: shortened(number.value) };
  };
  return needed ? marks.map(changed) : marks;
}
