// The texts around a network of anybody's, whose right answers are unknown.

import { known } from "../twin/known.js";
import { sentence } from "../twin/words.js";
import { MAX_ANSWERS } from "./answers.js";
import { GATE_WORDS, memoryLead, partsNote } from "./head.js";
import { title } from "./title.js";

/** How to read the rows of answers. */
const ANSWERS_NOTE =
  "At the bottom, what the network answers: a full column is yes, an empty one no.";

/** How to read the rows of gates and of answers. */
function readingNote(layout) {
  const { length } = layout.reader.outputs;
  const isCut = length > MAX_ANSWERS;
  const words = [
    GATE_WORDS,
    length && ANSWERS_NOTE,
    isCut && "{} of {} answers are drawn.",
  ].filter(Boolean);
  const counts = [
    [MAX_ANSWERS, `len(outputs[:${MAX_ANSWERS}])`],
    [length, "len(outputs)"],
  ];
  return sentence(words.join(" "), isCut ? counts : []);
}

/** What moves in a part of the sequence, if the units are drawn for labels. */
function labelMoves() {
  const { unitLabels } = known.network;
  if (!unitLabels.length) return undefined;
  return [
    "the labels that are told begin and end most often",
    `labels[[${unitLabels.join(", ")}], first:last].diff()`,
  ];
}

/** The title, the lead, the provenance, the notes, and the source. */
export function headOf(layout) {
  const { subject, units, visibleSteps } = layout;
  const { module, source, hidden } = known.network.words;
  const count = subject.steps.length;
  const notes = [readingNote(layout)];
  if (units.length < hidden) {
    const pairs = [
      [units.length, units.length],
      [hidden, "c.shape[-1]"],
    ];
    const words = units.length > 1 ? "{} of {} units are" : "{} unit of {} is";
    notes.push(sentence(`${words} drawn.`, pairs));
  }
  if (count > visibleSteps.length) notes.push(partsNote(layout, labelMoves()));
  return {
    title: title(layout),
    lead: memoryLead(layout),
    provenance: sentence(
      `{} · {} step${count === 1 ? "" : "s"}${subject.edited ? " · edited" : ""}`,
      [module, [count, "len(x)"]],
    ),
    notes,
    source,
  };
}
