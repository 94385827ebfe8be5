// The words of a step: `figures/keep_write_show/texts.py`.

import { f32, printed } from "../twin/numbers.js";
import { paragraph, sentence, SMALL, spoken, width } from "../twin/words.js";
import { piece } from "./pieces.js";
import { level } from "./table.js";
import { same } from "./panels.js";

const LEADS = {
  all:
    "Weighted inputs make sums; σ makes gates of them, tanh a new value " +
    "g, and the gates fill the bars.",
  keep: "The forget gate f keeps a part of what the unit held.",
  write: "The input gate i writes a part of the new value g.",
  show: "The output gate o shows a part of tanh c.",
};

/** Where h goes, on its line, if there is room. */
export function onTheWay(t, plan) {
  const after = t + 2;
  const told = sentence(
    "h is h_prev of step {}: it goes to every row",
    [[after, after]],
    same(t, "h"),
  );
  const room = plan.edge - plan.met - 12;
  if (width(told.text, SMALL) > room) return [];
  const top = level(plan.where) - 20;
  const given = { size: SMALL, anchor: "end" };
  return [piece("show", [paragraph(plan.edge, top, told, room, given)[0]])];
}

/** What the colours of weights say. */
function colours(subject, t, plan) {
  const met = plan.blocks.map(({ above }) => above).filter(Boolean);
  if (!met.length) return [];
  const zeros = met.filter((name) => subject.steps[t][name].some((one) => one === 0));
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

/** What stands above the step and below it. */
export function headOf(subject, t, plan, focus, goesOn) {
  const label = t + 1;
  const size = subject.steps[t].c.length;
  const notes = [
    sentence(
      "Dashed is what there is, filled what the gate lets through; a " +
        "write begins where the keep ended.",
    ),
  ];
  if (goesOn) {
    notes.push(
      sentence(
        "c stays in its unit and is its c_prev of step {}; h goes on to " +
          "the gates of all units, as h_prev.",
        [[label + 1, label + 1]],
        `${same(t, "h")} and ${same(t, "c")}`,
      ),
    );
  }
  notes.push(...colours(subject, t, plan));
  const drawn = plan.units.length;
  if (drawn < size) {
    notes.push(
      sentence("{} of {} units are drawn.", [
        [drawn, drawn],
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
export function unitTold(subject, t, unit) {
  const step = subject.steps[t];
  const [before, i, f, g, o, c, tanh] = ["c_prev", "i", "f", "g", "o", "c", "tanh_c"].map(
    (name) => printed(step[name][unit]),
  );
  const shown = printed(f32(step.o[unit] * step.tanh_c[unit]));
  return (
    `Unit ${unit} keeps ${f} of ${before} and writes ${i} of ${g}, so c becomes ` +
    `${c}; it shows ${o} of ${tanh}, which is ${shown}.`
  );
}

/** The step, told unit by unit, then row by row. */
export function description(subject, t, plan) {
  const told = [
    `Step ${t + 1}.`,
    ...plan.units.map((unit) => unitTold(subject, t, unit)),
  ];
  for (const { above } of plan.blocks) {
    if (above) told.push(`${above} is ${spoken(subject.vector(above, t))}.`);
  }
  for (const [gate, unit] of plan.blocks.length ? plan.where.each : []) {
    const at = plan.where.row(gate, unit);
    const row = plan.blocks
      .map(({ name, values }) => `${name} ${spoken(values.get(at))}`)
      .join(", ");
    const z = printed(subject.steps[t][`z_${gate}`][unit]);
    told.push(`Gate ${gate} of unit ${unit}, row ${at}: ${row}; the sum is ${z}.`);
  }
  return told.join(" ");
}
