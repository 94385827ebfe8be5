// The texts around a step: `figures/keep_write_show/texts.py`.

import { f32, printed } from "../twin/numbers.js";
import { numberList, paragraph, sentence, SMALL, width } from "../twin/words.js";
import { piece } from "./pieces.js";
import { handoverClaim } from "./panels.js";

/** The lead for each focus. */
const LEADS = {
  all:
    "Weighted inputs make sums; σ makes gates of them, tanh a new value " +
    "g, and the gates fill the bars.",
  keep: "The forget gate f keeps a part of what the unit held.",
  write: "The input gate i writes a part of the new value g.",
  show: "The output gate o shows a part of tanh c.",
};

/** Where h goes, above its line, if it fits. */
export function hPathWords(plan) {
  const nextLabel = plan.t + 2;
  const statement = sentence(
    "h is h_prev of step {}: it goes to every row",
    [[nextLabel, nextLabel]],
    handoverClaim(plan.t, "h"),
  );
  const maxWidth = plan.busX - plan.hArrival - 12;
  if (width(statement.text, SMALL) > maxWidth) return [];
  const top = plan.table.level - 20;
  const options = { size: SMALL, anchor: "end" };
  return [piece("show", [paragraph(plan.busX, top, statement, maxWidth, options)[0]])];
}

/** The note on the colours of weights. */
function colours({ blocks, subject, t }) {
  const vectors = blocks.map(({ vector }) => vector).filter(Boolean);
  if (!vectors.length) return [];
  const zeros = vectors.filter((name) =>
    subject.steps[t][name].some((value) => value === 0),
  );
  if (!zeros.length) {
    return [sentence("Blue weights are positive, red ones negative.")];
  }
  return [
    sentence(
      "Blue weights are positive, red ones negative; pale ones meet a " +
        "zero and add nothing.",
      [],
      zeros.map((name) => `not ${name}[${t}, 0].all()`).join(" or "),
    ),
  ];
}

/** The title, the lead, the provenance and the notes. */
export function headOf(plan, focus) {
  const { subject, t } = plan;
  const label = t + 1;
  const size = subject.steps[t].c.length;
  const notes = [
    sentence(
      "Dashed is what there is, filled what the gate lets through; a " +
        "write begins where the keep ended.",
    ),
  ];
  if (plan.hasNextStep) {
    notes.push(
      sentence(
        "c stays in its unit and is its c_prev of step {}; h goes on to " +
          "the gates of all units, as h_prev.",
        [[label + 1, label + 1]],
        `${handoverClaim(t, "h")} and ${handoverClaim(t, "c")}`,
      ),
    );
  }
  notes.push(...colours(plan));
  const count = plan.units.length;
  if (count < size) {
    notes.push(
      sentence("{} of {} units are drawn.", [
        [count, count],
        [size, "c.shape[-1]"],
      ]),
    );
  }
  const lead =
    focus === "all" && !plan.blocks.length
      ? "A gate says how much of its bar is filled."
      : LEADS[focus];
  const edited = subject.edited ? " · edited" : "";
  return {
    title: sentence("An LSTM keeps, writes and shows"),
    lead: sentence(lead),
    provenance: sentence(`{} · step {} · brackets${edited}`, [
      ["nn.LSTM(4, 2)", 'f"nn.LSTM({lstm.input_size}, {lstm.hidden_size})"'],
      [label, label],
    ]),
    notes,
  };
}

/** What a unit does at a step. */
export function unitSentence(subject, t, unit) {
  const step = subject.steps[t];
  const [before, i, f, g, o, c, tanh] = [
    "c_prev",
    "i",
    "f",
    "g",
    "o",
    "c",
    "tanh_c",
  ].map((name) => printed(step[name][unit]));
  const h = printed(f32(step.o[unit] * step.tanh_c[unit]));
  return (
    `Unit ${unit} keeps ${f} of ${before} and writes ${i} of ${g}, so c becomes ` +
    `${c}; it shows ${o} of ${tanh}, which is ${h}.`
  );
}

/** The description of the step: unit by unit, then row by row. */
export function description(plan) {
  const { subject, t } = plan;
  const sentences = [
    `Step ${t + 1}.`,
    ...plan.units.map((unit) => unitSentence(subject, t, unit)),
  ];
  for (const { vector } of plan.blocks) {
    if (vector) {
      sentences.push(`${vector} is ${numberList(subject.vector(vector, t))}.`);
    }
  }
  for (const [gate, unit] of plan.blocks.length ? plan.layout.gateUnitPairs : []) {
    const at = plan.layout.row(gate, unit);
    const row = plan.blocks
      .map(({ name, numbers }) => `${name} ${numberList(numbers.get(at))}`)
      .join(", ");
    const z = printed(subject.steps[t][`z_${gate}`][unit]);
    sentences.push(`Gate ${gate} of unit ${unit}, row ${at}: ${row}; the sum is ${z}.`);
  }
  return sentences.join(" ");
}
