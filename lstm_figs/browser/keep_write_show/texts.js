// The texts around a step: `figures/keep_write_show/texts.py`.

import { f32, printed } from "../twin/numbers.js";
import { numberList, paragraph, sentence, SMALL, width } from "../twin/words.js";
import { piece } from "./pieces.js";
import { handoverClaim } from "./panels.js";
import { titleOf } from "./titles.js";

/** The meaning of the gauges, if the drawing does not name it. */
const DASHES_NOTE = "Dashed parts are not let through.";
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
  // `t` counts from 0, labels from 1.
  const nextLabel = plan.t + 2;
  const statement = sentence(
    "h is h_prev of step {}: it goes to every row",
    [[nextLabel, nextLabel]],
    handoverClaim(plan.t, "h"),
  );
  const maxWidth = plan.busX - plan.hArrival - 12;
  if (width(statement.text, SMALL) > maxWidth) return [];
  // The words are above the line, which arrives at the middle of the vectors.
  const top = plan.table.level - 20;
  const options = { size: SMALL, anchor: "end" };
  const [lines] = paragraph(plan.busX, top, statement, maxWidth, options);
  return [piece("show", [lines])];
}

/** What the colours of weights mean: the words, and their claim. */
function colours({ blocks, subject, t }) {
  const vectors = blocks.map(({ vector }) => vector).filter(Boolean);
  if (!vectors.length) return [];
  const zeros = vectors.filter((name) =>
    subject.steps[t][name].some((value) => value === 0),
  );
  if (!zeros.length) return ["Blue weights are positive, red ones negative."];
  return [
    "Blue weights are positive, red negative; pale ones meet a zero.",
    zeros.map((name) => `not ${name}[${t}, 0].all()`).join(" or "),
  ];
}

/**
 * The title, the lead, the provenance and the notes. `needsCode` is whether nothing in
 * the drawing names what is dashed.
 */
export function headOf(plan, focus, needsCode) {
  const { subject, t } = plan;
  const label = t + 1;
  const hiddenSize = subject.steps[t].c.length;
  const [colourWords, claim] = colours(plan);
  const count = plan.units.length;
  const isPart = count < hiddenSize;
  const template = [
    needsCode && focus === "all" && DASHES_NOTE,
    colourWords,
    isPart && "{} of {} units are drawn.",
  ]
    .filter(Boolean)
    .join(" ");
  const values = [
    [count, count],
    [hiddenSize, "c.shape[-1]"],
  ];
  const notes = template ? [sentence(template, isPart ? values : [], claim)] : [];
  const lead =
    focus === "all" && !plan.blocks.length
      ? "A gate says how much of its bar is filled."
      : LEADS[focus];
  const edited = subject.edited ? " · edited" : "";
  return {
    title: titleOf(subject, t, plan.units, focus),
    lead: sentence(lead),
    provenance: sentence(`{} · step {} · brackets${edited}`, [
      ["nn.LSTM(4, 2)", 'f"nn.LSTM({lstm.input_size}, {lstm.hidden_size})"'],
      [label, label],
    ]),
    notes,
  };
}

/** What a unit does at a step, counted from 0, in one sentence. */
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
  const [retained, addition, h] = [
    ["f", "c_prev"],
    ["i", "g"],
    ["o", "tanh_c"],
  ].map(([gate, operand]) => printed(f32(step[gate][unit] * step[operand][unit])));
  return (
    `Unit ${unit} keeps ${f} of ${before}, which is ${retained}, and writes ${i} of ` +
    `${g}, which is ${addition}, so c becomes ${c}; it shows ${o} of ${tanh}, which ` +
    `is ${h}.`
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
