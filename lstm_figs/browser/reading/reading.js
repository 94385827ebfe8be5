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
import { headOf } from "./head.js";
import { formNotes } from "./note_places.js";
import { Plan } from "./plan.js";
import { readerOf } from "./reader.js";
import { command, preamble } from "../twin/subject.js";
import { write } from "../twin/svg.js";
import { innerWidth, withExponents } from "../twin/words.js";

/** The widths of the forms. */
const WIDTHS = [720, 360];

/**
 * Both forms of the figure, the wide one first.
 *
 * `view` has the options `units` and `only`. Each form has its `svg`, `title`,
 * `description`, `command`, `preamble` and `numbers`. `visibleSteps` are drawn, of
 * `stepCount`; `column` gives the place of one.
 */
export function reading(subject, id, view = {}) {
  const units = view.units ?? (subject.moment ? [0, 1] : inhibitedFirst(subject));
  const withGates = view.only !== "c";
  const reader = readerOf(subject, units);
  // With a projection, h has no element for each unit.
  const inhibition =
    withGates && !subject.isProjected ? inhibitionOf(subject, units) : null;
  const trainedRun = trainedRunOf(subject);
  const layOut = () => {
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
  const first = layOut();
  return lazily(WIDTHS.length, (form) => {
    const formId = form ? `${id}-narrow` : id;
    // With exponents, numbers have other widths, so notes need other places.
    return withExponents((hasExponents) =>
      compose(subject, formId, view, (hasExponents ? layOut() : first)[form]),
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
    stepCount: subject.steps.length,
    visibleSteps: layout.visibleSteps,
    // The bounds of a step, as shares of the figure's width and height; null if hidden.
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
