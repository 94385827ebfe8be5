// The texts around the figure: `_Texts` of `figures/reading/__init__.py`.

import { sentence } from "../twin/words.js";
import { title } from "./title.js";

/** The title, the lead, the provenance and the notes; `layout` is a `Plan`. */
export function headOf(layout) {
  const { subject, reader, units } = layout;
  const count = subject.steps.length;
  const notes = layout.withGates ? [readingNote(layout)] : [];
  const counts = [
    [1, 1],
    [2, "c.shape[-1]"],
  ];
  if (units.length === 1) notes.push(sentence("{} unit of {} is drawn.", counts));
  if (count > layout.visibleSteps.length) notes.push(partsNote(layout));
  const edited = subject.edited ? " · edited" : "";
  const { moment } = subject;
  const done = moment ? " · after {} batches" : "";
  const batches = moment ? [[moment.batches.toLocaleString("en"), "batches"]] : [];
  const module = 'f"nn.LSTM({lstm.input_size}, {lstm.hidden_size})"';
  return {
    title: title(layout),
    lead: reader.trained
      ? sentence(
          "Trained to say after each character: inside quotes? all closed? " +
            "Nobody told it to count.",
        )
      : memoryLead(layout),
    provenance: sentence(
      `{} · {} step${count === 1 ? "" : "s"} · brackets${done}${edited}`,
      [["nn.LSTM(4, 2)", module], [count, "len(x)"], ...batches],
    ),
    notes,
  };
}

/** What c is, and its arrows if there are any. */
export function memoryLead({ moves, visibleSteps }) {
  const hasArrows = [...moves.values()].flat().some(({ t }) => visibleSteps.includes(t));
  return sentence(
    `c is the memory of a unit${hasArrows ? "; arrows are what moves it" : ""}.`,
  );
}

/** How to read the rows of gates. */
export const GATE_WORDS = "A fuller column is a more open gate, or a stronger g.";

/** How to read the rows of gates and of answers. */
function readingNote({ subject, bands, visibleSteps }) {
  const { depth, inside } = subject.truth;
  if (visibleSteps.some((t) => inside[t] || !depth[t])) {
    return sentence(`${GATE_WORDS} In the last two rows the truth is dashed.`);
  }
  const claims = bands.map(
    ({ first, stop }) => `not (inside | (depth == 0))[${first}:${stop}].any()`,
  );
  return sentence(
    `${GATE_WORDS} The last two rows are the answers; the truth is no at every step drawn.`,
    [],
    claims.join(" and "),
  );
}

/** What moves in a part of the sequence, and its expression. */
const cMoves = ({ units }) => [
  "c moves most",
  `(c - c_prev)[first:last, 0, [${units.join(", ")}]]`,
];

/**
 * Which parts of the sequence are drawn, and why: words for what happens most in them,
 * and the expression of that between the steps `first` and `last`.
 */
export function partsNote(layout, [reason, moves] = cMoves(layout)) {
  const ends = `(${layout.allBands.map((band) => `(${band.first}, ${band.stop})`).join(", ")})`;
  const indices = layout.bands.map((band) => layout.allBands.indexOf(band));
  const list = `[${indices.join(", ")}]`;
  const moved =
    `torch.stack([${moves}.abs().sum() for first, last in ${ends}])`;
  const claim =
    "(lambda every, own: every[own].min() >= every.index_fill(0, " +
    "torch.tensor(own), 0).max() * 0.99999)" +
    `((${moved}).nan_to_num(torch.inf, torch.inf), ${list})`;
  return sentence(
    `{} of {} parts of the sequence are drawn, in which ${reason}.`,
    [
      [indices.length, `len(${list} * len(x[:1]))`],
      [layout.allBands.length, `len(${ends} * len(x[:1]))`],
    ],
    claim,
  );
}
