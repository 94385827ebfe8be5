// The legend: `figures/reading/legend.py`.

import { bound, walk } from "../twin/marks.js";
import {
  innerWidth,
  LINE as HEIGHT,
  NOTE,
  paragraph,
  sentence,
  SMALL,
  width,
} from "../twin/words.js";
import { shadeEntry, struckFrame } from "./answers.js";
import { HEAD_WIDTH, outline, SHAFT_WIDTH } from "./moves.js";

/** The height of a line, and the gap between two entries. */
const [LINE_HEIGHT, ENTRY_GAP] = [20, 16];
/** The width of a sample, and the gap between it and its caption. */
const [SAMPLE_WIDTH, SAMPLE_GAP] = [18, 6];
/** The middle of the first line, and the distance from the last middle to the drawing. */
const [FIRST_MIDDLE, LEGEND_GAP] = [7, 22];
/** The greatest height of a sampled box, and half the length of a sampled arrow. */
const [MAX_BOX_HEIGHT, HALF_ARROW] = [12, 8];

/** All entries: how the ids of their marks begin, and the caption. */
function entries(inhibition) {
  const stems = [
    ["c", sentence("c")],
    ["trained", sentence("c as trained")],
    ["depth", sentence("open brackets")],
    ["write", sentence("i·g, added to c")],
    ["forget", sentence("forgotten: c shrinks")],
    shadeEntry,
  ];
  if (inhibition) {
    stems.push([
      "brake",
      sentence("shut by unit {}", [[inhibition.source, inhibition.source]]),
    ]);
  }
  stems.push(["wrong", sentence("wrong answer")]);
  return stems;
}

/**
 * The entries for marks that exist, in lines, and the height.
 *
 * - `plan`: the layout, a `Plan`
 * - `inhibition`: see `inhibitionOf`; null for none
 * - `marks`: all marks of the drawing
 */
export function legend(plan, inhibition, marks) {
  const filled = [...walk(marks)].filter((mark) => mark.id && mark.kind !== "group");
  const legendMarks = [];
  let [x, y] = [0, FIRST_MIDDLE];
  for (const [stem, caption] of entries(inhibition)) {
    // The ids of notes, and of the values in them, begin like that of their arrow.
    const own = filled.filter(
      ({ id }) => id.startsWith(`${stem}-`) && !/-(note|value)$/.test(id),
    );
    if (!own.length) continue;
    const entryWidth = SAMPLE_WIDTH + SAMPLE_GAP + width(caption.text, SMALL);
    if (x && x + entryWidth > innerWidth(plan.width)) [x, y] = [0, y + LINE_HEIGHT];
    legendMarks.push(
      sample(
        own[0],
        x,
        y,
        own.map((mark) => mark.id),
      ),
    );
    const [text] = paragraph(
      x + SAMPLE_WIDTH + SAMPLE_GAP,
      y - (HEIGHT * SMALL) / NOTE / 2,
      caption,
      entryWidth,
      {
        size: SMALL,
      },
    );
    legendMarks.push(text);
    x += entryWidth + ENTRY_GAP;
  }
  return [legendMarks, legendMarks.length ? y + LEGEND_GAP : 0];
}

/** A small mark that looks like another. */
function sample(mark, x, y, of) {
  const like = { ...mark, id: "", term: "", bound: [bound.sample(of)] };
  if (mark.kind === "box") {
    const height = Math.min(mark.height, MAX_BOX_HEIGHT);
    return { ...like, x, y: y - height / 2, width: SAMPLE_WIDTH, height };
  }
  if (mark.id.startsWith("wrong-")) {
    const top = y - MAX_BOX_HEIGHT / 2;
    return { ...like, d: struckFrame(x, top, SAMPLE_WIDTH, MAX_BOX_HEIGHT) };
  }
  if (!mark.stroke) {
    return {
      ...like,
      d: outline(
        x + SAMPLE_WIDTH / 2,
        y + HALF_ARROW,
        y - HALF_ARROW,
        HEAD_WIDTH / 2,
        SHAFT_WIDTH,
      ),
    };
  }
  return {
    ...like,
    d: [
      ["M", [x, y]],
      ["L", [x + SAMPLE_WIDTH, y]],
    ],
    compact: false,
  };
}
