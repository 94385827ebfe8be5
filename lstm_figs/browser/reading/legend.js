// What the marks of the figure are: `figures/reading/legend.py`.

import { bound, walk } from "../twin/marks.js";
import { inner, LINE as HEIGHT, NOTE, paragraph, sentence, SMALL, width } from "../twin/words.js";
import { struck } from "./answers.js";
import { HEAD, SHAFT, outline } from "./moves.js";

const [LINE, APART] = [20, 16];
const SAMPLE = 18;

/** What the legend explains of marks that are there. */
function entries(brake) {
  const found = [
    ["c", sentence("c")],
    ["trained", sentence("c as trained")],
    ["depth", sentence("open brackets")],
    ["write", sentence("i·g, added to c")],
    ["forget", sentence("forgotten")],
    ["quotes", sentence("in quotes")],
  ];
  if (brake) {
    found.push(["brake", sentence("shut by unit {}", [[brake.by, brake.by]])]);
  }
  found.push(["wrong", sentence("wrong answer")]);
  return found;
}

/** The entries whose marks are there, in lines from the left. */
export function legend(plan, brake, marks) {
  const drawn = [...walk(marks)].filter((mark) => mark.id && mark.kind !== "group");
  const found = [];
  let [x, y] = [0, 7];
  for (const [stem, said] of entries(brake)) {
    const own = drawn.filter(
      ({ id }) => id.startsWith(`${stem}-`) && !/-(note|value)$/.test(id),
    );
    if (!own.length) continue;
    const wide = SAMPLE + 6 + width(said.text, SMALL);
    if (x && x + wide > inner(plan.room)) [x, y] = [0, y + LINE];
    found.push(sample(own[0], x, y, own.map((one) => one.id)));
    const [words] = paragraph(x + SAMPLE + 6, y - (HEIGHT * SMALL) / NOTE / 2, said, wide, {
      size: SMALL,
    });
    found.push(words);
    x += wide + APART;
  }
  return [found, found.length ? y + 22 : 0];
}

/** A small mark that looks as another does. */
function sample(mark, x, y, of) {
  const like = { ...mark, id: "", term: "", bound: [bound.sample(of)] };
  if (mark.kind === "box") {
    const height = Math.min(mark.height, 12);
    return { ...like, x, y: y - height / 2, width: SAMPLE, height };
  }
  if (mark.id.startsWith("wrong-")) return { ...like, d: struck(x, y - 6, SAMPLE, 12) };
  if (!mark.stroke) return { ...like, d: outline(x + SAMPLE / 2, y + 8, y - 8, HEAD / 2, SHAFT) };
  return { ...like, d: [["M", [x, y]], ["L", [x + SAMPLE, y]]], compact: false };
}
