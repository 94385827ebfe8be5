// The figure `reading` of the bracket network, laid out in the browser.
//
// It is a twin of `figures/reading`, held to it by `tests/browser/test_reading.py`
// on the command lines of `tests/browser/readings.txt`. It covers this network with
// other numbers in its tensors, none of which is larger than a thousand, and any
// text of characters that can be printed: so every number is finite, every step
// has one character, there are two units at most and two answers, and the truth
// is known. What Python does for other networks has no twin.

import { brakeOf, brakeSetup } from "./inhibitions.js";
import { bands } from "./bands.js";
import { frame } from "../twin/frame.js";
import { ghostOf } from "./trained_runs.js";
import { description } from "./alt_text.js";
import { legend } from "./legend.js";
import { lazily } from "../twin/lazily.js";
import { shift, walk } from "../twin/marks.js";
import { told } from "./note_places.js";
import { plan } from "./plan.js";
import { readerOf } from "./reader.js";
import { titleOf } from "./title.js";
import { command, preamble } from "../twin/subject.js";
import { write } from "../twin/svg.js";
import { alike, inner, sentence } from "../twin/words.js";

const ROOMS = [720, 360];

/**
 * Both forms of the figure, the wide one first.
 *
 * A view is which `units` are drawn, and `only` what of them, as options say it.
 * Each is its `svg`, with its `title`, `description`, `command`, `preamble` and
 * `numbers`, and where the `column` of a step is.
 */
export function reading(subject, id, view = {}) {
  const units = view.units ?? (subject.moment ? [0, 1] : brakedFirst(subject));
  const withGates = view.only !== "c";
  const reader = readerOf(subject, units);
  const brake = withGates && units.length > 1 ? brakeOf(subject, units) : null;
  const ghost = ghostOf(subject);
  const lay = () => {
    const plans = ROOMS.map((room) =>
      plan(subject, room, units, reader, ghost, withGates),
    );
    const every = told(plans, brake);
    const heard = description(plans[0], every[0]);
    return plans.map((laid, form) => ({ laid, said: every[form], heard }));
  };
  const first = lay();
  return lazily(ROOMS.length, (form) => {
    const own = form ? `${id}-narrow` : id;
    return alike((again) => composed(subject, own, view, (again ? lay() : first)[form]));
  });
}

/** One form of the figure. */
function composed(subject, id, view, { laid, said, heard }) {
  const [marks, bottom, ends] = bands(laid, said);
  const [above, height] = legend(laid, said.brake, marks);
  const body = [...above, ...marks.map((mark) => shift(mark, 0, height))];
  const head = headOf(laid);
  const sheet = frame(head, inner(laid.room), height + bottom, laid.room, body);
  const figure = {
    name: "reading",
    id,
    title: head.title.text,
    description: heard,
    command: command(subject, "reading", optionsOf(view), laid.room, id),
    preamble: preamble(subject, "reading", setupOf(laid, said)),
    tensors: subject.given,
    // Where a step stands in it, as shares of its width and height.
    column: (t) => {
      const { steps, top, bottom: end } = ends.find((one) => one.steps.has(t)) ?? {};
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
  const { width, height: high } = sheet;
  return {
    ...figure,
    width,
    height: high,
    get svg() {
      return write(figure, sheet);
    },
  };
}

/** A view as a command line has it. */
const optionsOf = ({ units, only }) => [
  ...(units ? ["--units", units.join(",")] : []),
  ...(only ? ["--only", only] : []),
];

/** What else is computed for the figure. */
const setupOf = ({ subject, ghost }, { brake }) =>
  (brake ? brakeSetup(brake, subject) : "") + (ghost ? ghost.setup : "");

/** The units, that whose gate another shuts above that other. */
function brakedFirst(subject) {
  const ways = [
    [0, 1],
    [1, 0],
  ];
  const [one, other] = ways.map((way) => brakeOf(subject, way)?.steps.length ?? 0);
  return ways[Number(other > one)];
}

function headOf(laid) {
  const { subject, reader, units } = laid;
  const count = subject.steps.length;
  const notes = [];
  if (laid.withGates) {
    notes.push(
      sentence(
        "A column is as full as its gate is open; g new goes up or " +
          "down from its middle. Rows have the order in which they act.",
      ),
      ...bold(laid),
      answering(laid),
    );
  }
  if (units.length === 1) {
    notes.push(
      sentence("{} unit of {} is drawn.", [
        [1, 1],
        [2, "c.shape[-1]"],
      ]),
    );
  }
  if (count > laid.shown.length) notes.push(parts(laid));
  const edited = subject.edited ? " · edited" : "";
  const { moment } = subject;
  const done = moment ? " · after {} batches" : "";
  const batches = moment ? [[moment.batches.toLocaleString("en"), "batches"]] : [];
  const module = 'f"nn.LSTM({lstm.input_size}, {lstm.hidden_size})"';
  return {
    title: titleOf(laid),
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

/** What is true where a token is bold. */
function bold(laid) {
  if (!laid.shown.some((t) => laid.strong.has(t) && laid.read[t] !== " ")) return [];
  return [
    sentence(
      laid.thin
        ? "At a bold token one of the units forgets."
        : "At a bold token there is an arrow.",
    ),
  ];
}

/** What the last rows are. */
function answering({ subject, bands, shown }) {
  const { depth, inside } = subject.truth;
  if (shown.some((t) => inside[t] || !depth[t])) {
    return sentence(
      "In the last two rows a dashed outline is the truth, the " +
        "filled part what the network says.",
    );
  }
  const each = bands.map(
    ({ first, stop }) => `not (inside | (depth == 0))[${first}:${stop}].any()`,
  );
  return sentence(
    "In the last two rows the filled part is what the network " +
      "says; the true answer is no at every step drawn.",
    [],
    each.join(" and "),
  );
}

/** Which of the bands are drawn. */
function parts(laid) {
  const ends = `(${laid.every.map((one) => `(${one.first}, ${one.stop})`).join(", ")})`;
  const shown = laid.bands.map((band) => laid.every.indexOf(band));
  const list = `[${shown.join(", ")}]`;
  const moved =
    `torch.stack([(c - c_prev)[first:last, 0, [${laid.units.join(", ")}]]` +
    `.abs().sum() for first, last in ${ends}])`;
  const claim =
    "(lambda every, own: every[own].min() >= every.index_fill(0, " +
    "torch.tensor(own), 0).max() * 0.99999)" +
    `((${moved}).nan_to_num(torch.inf, torch.inf), ${list})`;
  return sentence(
    "{} of {} parts of the sequence are drawn, in which c moves most.",
    [
      [shown.length, `len(${list} * len(x[:1]))`],
      [laid.every.length, `len(${ends} * len(x[:1]))`],
    ],
    claim,
  );
}
