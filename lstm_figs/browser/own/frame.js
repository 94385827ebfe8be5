// The texts around a figure, with where its tensors come from: `render/frame.py`.

import { bound, group, text } from "../twin/marks.js";
import { frame as plain } from "../twin/frame.js";
import { margin, SMALL, wrap } from "../twin/words.js";

/** The gap above the source, and the height of its lines. */
const [GAP, HEIGHT] = [2, 16];

/**
 * The frame of the bracket network, see `twin/frame.js`, with the source of the tensors
 * below the notes; `head.source` is its sentence.
 */
export function frame(head, bodyWidth, height, figureWidth, body) {
  const sheet = plain(head, bodyWidth, height, figureWidth, body);
  const side = margin(figureWidth);
  // The margin below the notes is 4 less than at the sides, see `twin/frame.js`.
  let y = sheet.height - side + 4 + GAP;
  const lines = wrap(head.source.text, SMALL, sheet.width - 2 * side, false);
  const foot = lines.map((line) => {
    y += HEIGHT;
    return text(side, y, line, SMALL, { fill: "muted", tick: "foot" });
  });
  const [paper, ...marks] = sheet.marks;
  const total = y + side - 4;
  return {
    ...sheet,
    height: total,
    marks: [{ ...paper, height: total }, ...marks, group(foot, [bound.says(head.source.says)])],
  };
}
