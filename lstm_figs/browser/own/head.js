// The texts around a network of anybody's: the head of the bracket network, without
// what is said of its answers.

import { known } from "../twin/known.js";
import { sentence } from "../twin/words.js";
import { boldWords, partsNote } from "./head.js";
import { title } from "./title.js";

/** How to read the rows of gates. */
const GATE_NOTE =
  "A fuller column is a more open gate, or a stronger g; the rows act from top to bottom.";

/** The title, the lead, the provenance, the notes, and the source. */
export function headOf(layout) {
  const { subject, units, visibleSteps } = layout;
  const { module, source, hidden } = known.network.words;
  const count = subject.steps.length;
  const bold = boldWords(layout).trim();
  const notes = [GATE_NOTE, ...(bold ? [bold] : [])].map((note) => sentence(note));
  if (units.length < hidden) {
    const pairs = [
      [units.length, units.length],
      [hidden, "c.shape[-1]"],
    ];
    const words = units.length > 1 ? "{} of {} units are" : "{} unit of {} is";
    notes.push(sentence(`${words} drawn.`, pairs));
  }
  if (count > visibleSteps.length) notes.push(partsNote(layout));
  return {
    title: title(layout),
    lead: sentence("c is the memory of a unit; arrows are what moves it."),
    provenance: sentence(
      `{} · {} step${count === 1 ? "" : "s"}${subject.edited ? " · edited" : ""}`,
      [module, [count, "len(x)"]],
    ),
    notes,
    source,
  };
}
