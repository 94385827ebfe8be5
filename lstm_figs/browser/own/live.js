// The live figure `reading` of a network of anybody's: a reader changes a weight.

import {
  addressOf,
  editText,
  findNumber,
  keyOf,
  parseQuery,
  stateAsked,
} from "../twin/address.js";
import { known } from "../twin/known.js";
import { exact, f32, MINUS, printed } from "../twin/numbers.js";
import { copied, PageFigure } from "../twin/page_figure.js";
import { StepCursor } from "../twin/step_cursor.js";
import { stepSentence } from "../reading/alt_text.js";
import { forms as formsOf } from "./forms.js";
import { OwnSubject } from "./subject.js";

/** The gates in the order of their rows. */
const GATES = ["i", "f", "g", "o"];
const { arrays, names, tensors } = known.network;
/** The parameters of the layer that is drawn, by name: an address can edit these. */
const parameters = () =>
  Object.fromEntries(
    Object.values(names)
      .filter((name) => name in arrays)
      .map((name) => [name, tensors[name]]),
  );

/** How far the edits move c of a drawn unit, at the step where they move it most. */
function effectOf(subject, original, units) {
  const moves = units.flatMap((unit) => {
    const [now, before] = [subject, original].map((run) => run.series("c", unit).values);
    return now.map((c, t) => ({ unit, t, c, before: before[t] }));
  });
  const distance = ({ c, before }) => Math.abs(c - before);
  const most = moves.reduce((best, move) =>
    distance(move) > distance(best) ? move : best,
  );
  if (!distance(most)) return "c of the units that are drawn is as it was.";
  return (
    `c of unit ${most.unit} changes most after step ${most.t + 1}, ` +
    `from ${printed(most.before)} to ${printed(most.c)}.`
  );
}

/** Start a figure. */
function start(figure) {
  const id = figure.id.replace(/^figure-/, "");
  const bars = [...figure.querySelectorAll(".lf-live")];
  const pageFigure = new PageFigure(
    figure,
    "The figure shows your settings. The caption is about the original network:",
    address,
  );
  const [tensor, gate, unit, column, slider, printedWeight, reset, weightName] = [
    "tensor",
    "gate",
    "unit",
    "column",
    "value",
    "number",
    "reset",
    "name",
  ].map((name) => figure.querySelector(`.lf-live [data-own=${name}]`));
  // The units that are drawn, and the edits that the page was made with.
  const data = JSON.parse(figure.querySelector("[data-shown]").dataset.shown);
  const { view, edits: ownEdits } = data;
  const original = new OwnSubject(ownEdits);
  let edits = ownEdits;
  let subject = original;
  let figures = formsOf(subject, id, view);
  const describe = (t) => stepSentence(subject, t, view.units);
  const cursor = new StepCursor(figure, pageFigure, describe);
  cursor.verdict = pageFigure.status.textContent;
  cursor.show(figures);

  /** The number in a field, at most `count - 1`. */
  const indexIn = (field, count) => Math.min(Number(field.value) || 0, count - 1);

  /** The key of the chosen weight; the last one if there is no such row or column. */
  const chosen = () => {
    const name = tensor.value;
    const rows = tensors[name];
    // A projection has a row for each element of h, and none for a gate.
    const hasGates = name !== names.weight_hr;
    const isMatrix = Array.isArray(rows[0]);
    gate.parentElement.hidden = !hasGates;
    column.parentElement.hidden = !isMatrix;
    const count = hasGates ? rows.length / GATES.length : rows.length;
    const first = hasGates ? GATES.indexOf(gate.value) * count : 0;
    const at = [first + indexIn(unit, count)];
    if (isMatrix) at.push(indexIn(column, rows[0].length));
    return keyOf([name, at]);
  };

  /** Show the chosen weight. */
  const showWeight = () => {
    const key = chosen();
    const edit = edits.find((other) => keyOf(other) === key);
    const value = edit?.[2] ?? findNumber(key, tensors)[2];
    slider.value = value;
    printedWeight.textContent = exact(f32(value)).replace(/\.0$/, "").replace("-", MINUS);
    weightName.textContent = key.replace(/^\w+\./, "").replace(",", ", ");
  };

  /** The address of the current edits. */
  function address() {
    const [, others] = parseQuery(location.search, "", parameters);
    const own = edits === ownEdits ? [] : edits.map(editText);
    return addressOf(figure, [...others, ...own].join("&"));
  }

  /** Draw the network with other edits. */
  const draw = (next) => {
    edits = JSON.stringify(next) === JSON.stringify(ownEdits) ? ownEdits : next;
    const isOwn = edits === ownEdits;
    subject = isOwn ? original : new OwnSubject(edits);
    figures = formsOf(subject, id, view);
    cursor.verdict = effectOf(subject, original, view.units);
    cursor.show(figures);
    pageFigure.show(isOwn ? null : figures);
    reset.disabled = isOwn;
    showWeight();
    pageFigure.announce(() => cursor.sentence);
  };

  /** The edits, with the chosen weight set to a value; with null as it was. */
  const withWeight = (value) => {
    const key = chosen();
    const others = edits.filter((edit) => keyOf(edit) !== key);
    if (value === null) return others;
    return [...others, [...findNumber(key, tensors).slice(0, 2), value]];
  };

  for (const field of [tensor, gate, unit, column]) {
    field.addEventListener("input", showWeight);
  }
  // A large network takes longer than a slider takes to move, so moves are joined.
  let frame = 0;
  slider.addEventListener("input", () => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => draw(withWeight(Number(slider.value))));
  });
  const click = async ({ target }) => {
    const { weight, do: act } = target.dataset;
    if (weight !== undefined) {
      draw(withWeight(weight === "" ? null : Number(weight)));
    } else if (target === reset) draw(ownEdits);
    else if (act === "copy") {
      await copied(figures[0].preamble, pageFigure.buttonStatus, "Copied");
    }
  };
  for (const bar of bars) {
    bar.addEventListener("click", click);
    bar.hidden = false;
  }
  const asked = stateAsked(figure, "", parameters).edits;
  if (asked.length) draw(asked);
  else showWeight();
}

// Each live figure of a page loads the script, and the first one starts all.
for (const figure of document.querySelectorAll("figure:has([data-figure=own])")) {
  if (!figure.matches(".lf-started")) start(figure);
  figure.classList.add("lf-started");
}
