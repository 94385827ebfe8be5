// The figure `reading` of the bracket network, laid out in the browser.
//
// It is a twin of `figures/reading`. `tests/browser/test_reading.py` compares both on
// the command lines of `tests/browser/readings.txt`. The twin handles this network
// with edited weights of at most 1,000, and any text of printable characters. So
// every number is finite, every step has one character, there are at most two units
// and two answers, and the truth is known. Python alone handles other networks.

import { inhibitionOf, setup } from "./inhibitions.js";
import { bands } from "./bands.js";
import { frame } from "../twin/frame.js";
import { trainedRunOf } from "./trained_runs.js";
import { description } from "./alt_text.js";
import { legend } from "./legend.js";
import { lazily } from "../twin/lazily.js";
import { shift, walk } from "../twin/marks.js";
import { formNotes } from "./note_places.js";
import { Plan } from "./plan.js";
import { readerOf } from "./reader.js";
import { title } from "./title.js";
import { command, preamble } from "../twin/subject.js";
import { write } from "../twin/svg.js";
import { innerWidth, sentence, withExponents } from "../twin/words.js";

const WIDTHS = [720, 360];

/**
 * Both forms of the figure, the wide one first.
 *
 * `view` has the options `units` and `only`. Each form has its `svg`, `title`,
 * `description`, `command`, `preamble` and `numbers`, and `column`, which gives the
 * place of a step.
 */
export function reading(subject, id, view = {}) {
  const units = view.units ?? (subject.moment ? [0, 1] : inhibitedFirst(subject));
  const withGates = view.only !== "c";
  const reader = readerOf(subject, units);
  const inhibition =
    withGates && units.length > 1 ? inhibitionOf(subject, units) : null;
  const trainedRun = trainedRunOf(subject);
  const lay = () => {
    const plans = WIDTHS.map(
      (width) => new Plan(subject, width, units, reader, trainedRun, withGates),
    );
    const allNotes = formNotes(plans, inhibition);
    const altText = description(plans[0], allNotes[0]);
    return plans.map((layout, form) => ({
      layout,
      notes: allNotes[form],
      altText,
    }));
  };
  const first = lay();
  return lazily(WIDTHS.length, (form) => {
    const formId = form ? `${id}-narrow` : id;
    return withExponents((again) =>
      compose(subject, formId, view, (again ? lay() : first)[form]),
    );
  });
}

/** One form of the figure. */
function compose(subject, id, view, { layout, notes, altText }) {
  const [marks, bottom, ends] = bands(layout, notes);
  const [above, height] = legend(layout, notes.inhibition, marks);
  const body = [...above, ...marks.map((mark) => shift(mark, 0, height))];
  const head = headOf(layout);
  const sheet = frame(
    head,
    innerWidth(layout.width),
    height + bottom,
    layout.width,
    body,
  );
  const figure = {
    name: "reading",
    id,
    title: head.title.text,
    description: altText,
    command: command(subject, "reading", optionsOf(view), layout.width, id),
    preamble: preamble(subject, "reading", setupOf(layout, notes)),
    tensors: subject.variables,
    // The bounds of a step, as shares of the figure's width and height.
    column: (t) => {
      const { steps, top, bottom: end } = ends.find((band) => band.steps.has(t)) ?? {};
      if (!steps) return null;
      const across = (x) => (sheet.side + x) / sheet.width;
      const down = (y) => (sheet.top + height + y) / sheet.height;
      return {
        left: across(steps.edge(t)),
        right: across(steps.edge(t) + steps.width),
        top: down(top),
        bottom: down(end),
      };
    },
    numbers: [...walk(sheet.marks)].filter((mark) => mark.number),
  };
  return {
    ...figure,
    width: sheet.width,
    height: sheet.height,
    get svg() {
      return write(figure, sheet);
    },
  };
}

/** The options of a view on a command line. */
const optionsOf = ({ units, only }) => [
  ...(units ? ["--units", units.join(",")] : []),
  ...(only ? ["--only", only] : []),
];

/** Python that computes what only this figure needs. */
const setupOf = ({ subject, trainedRun }, { inhibition }) =>
  (inhibition ? setup(inhibition, subject) : "") + (trainedRun ? trainedRun.setup : "");

/** Both units, the inhibited one above the one that inhibits it. */
function inhibitedFirst(subject) {
  const pairs = [
    [0, 1],
    [1, 0],
  ];
  const [first, second] = pairs.map(
    (pair) => inhibitionOf(subject, pair)?.steps.length ?? 0,
  );
  return pairs[Number(second > first)];
}

function headOf(layout) {
  const { subject, reader, units } = layout;
  const count = subject.steps.length;
  const bold = boldWords(layout);
  const notes = [];
  if (layout.withGates) {
    notes.push(
      sentence(
        "A column is as full as its gate is open; rows have the order in which they act.",
      ),
      truthNote(layout, bold),
    );
  }
  const isOne = units.length === 1;
  const below =
    (layout.withGates ? "" : bold) + (isOne ? "{} unit of {} is drawn." : "");
  const counts = [
    [1, 1],
    [2, "c.shape[-1]"],
  ];
  if (below) notes.push(sentence(below.trim(), isOne ? counts : []));
  if (count > layout.visibleSteps.length) notes.push(partsNote(layout));
  const edited = subject.edited ? " · edited" : "";
  const { moment } = subject;
  const done = moment ? " · after {} batches" : "";
  const batches = moment ? [[moment.batches.toLocaleString("en"), "batches"]] : [];
  const module = 'f"nn.LSTM({lstm.input_size}, {lstm.hidden_size})"';
  return {
    title: title(layout),
    lead: sentence(
      reader.trained
        ? "Trained to say after each character: inside quotes? all closed? " +
            "Nobody told it to count."
        : "c is the memory of a unit; arrows are what moves it.",
    ),
    provenance: sentence(
      `{} · {} step${count === 1 ? "" : "s"} · brackets${done}${edited}`,
      [["nn.LSTM(4, 2)", module], [count, "len(x)"], ...batches],
    ),
    notes,
  };
}

/** What a bold token means; empty if none is bold. */
function boldWords({ boldSteps, tokens, visibleSteps, hasThinArrows }) {
  if (!visibleSteps.some((t) => boldSteps.has(t) && tokens[t] !== " ")) return "";
  return `A bold token ${hasThinArrows ? "makes a unit forget" : "has an arrow"}. `;
}

/** What bold tokens and the rows of answers show. */
function truthNote({ subject, bands, visibleSteps }, bold) {
  const { depth, inside } = subject.truth;
  if (visibleSteps.some((t) => inside[t] || !depth[t])) {
    return sentence(
      bold + "In the last two rows dashed is the truth, filled the answer.",
    );
  }
  const claims = bands.map(
    ({ first, stop }) => `not (inside | (depth == 0))[${first}:${stop}].any()`,
  );
  return sentence(
    bold + "The last two rows are the answers; the truth is no at every step drawn.",
    [],
    claims.join(" and "),
  );
}

/** Which parts of the sequence are drawn, and why. */
function partsNote(layout) {
  const ends = `(${layout.allBands.map((band) => `(${band.first}, ${band.stop})`).join(", ")})`;
  const indices = layout.bands.map((band) => layout.allBands.indexOf(band));
  const list = `[${indices.join(", ")}]`;
  const moved =
    `torch.stack([(c - c_prev)[first:last, 0, [${layout.units.join(", ")}]]` +
    `.abs().sum() for first, last in ${ends}])`;
  const claim =
    "(lambda every, own: every[own].min() >= every.index_fill(0, " +
    "torch.tensor(own), 0).max() * 0.99999)" +
    `((${moved}).nan_to_num(torch.inf, torch.inf), ${list})`;
  return sentence(
    "{} of {} parts of the sequence are drawn, in which c moves most.",
    [
      [indices.length, `len(${list} * len(x[:1]))`],
      [layout.allBands.length, `len(${ends} * len(x[:1]))`],
    ],
    claim,
  );
}
