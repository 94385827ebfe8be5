// The live figure `reading`: a reader types a text and changes a weight.

import {
  addressOf,
  editText,
  findNumber,
  keyOf,
  parseQuery,
  problemOf,
  stateAsked,
} from "../twin/address.js";
import { Framed, slotAt, slotOf } from "../twin/framed.js";
import { known } from "../twin/known.js";
import { momentAt } from "../twin/moments.js";
import { exact, f32, MINUS } from "../twin/numbers.js";
import { save } from "../twin/saved.js";
import { copied, PageFigure } from "../twin/page_figure.js";
import { StepCursor } from "../twin/step_cursor.js";
import { Subject } from "../twin/subject.js";
import { stepSentence } from "./alt_text.js";
import { reading } from "./reading.js";

const { tensors } = known.network;
/** The numbers that an address may edit here: the parameters. */
const networkVariables = () => tensors;
/** The figure of one step, on the same site. */
const STEP = "#figure-keep-write-show";
/** The hint of a cell, which a live figure replaces. */
const COPIES = "Enter copies it as Python.";

/** A number as float32 prints it, with a minus sign. */
const float32Text = (value) =>
  exact(f32(value)).replace(/\.0$/, "").replace("-", MINUS);

/** Whether two states are equal. */
const alike = (first, second) => JSON.stringify(first) === JSON.stringify(second);

/** Each wrong step: the step, its first wrong answer, and the right one. */
function mistakes({ truth, answers }) {
  const wrong = [];
  answers.forEach((pair, t) => {
    const truths = [truth.inside[t], truth.depth[t] === 0];
    const k = pair.findIndex((value, which) => value > 0.5 !== truths[which]);
    if (k >= 0) wrong.push([t, k, truths[k]]);
  });
  return wrong;
}

/** A number of characters, in words. */
const characters = (count) => `${count} character${count === 1 ? "" : "s"}`;

/** The length of the shortest text so far that fooled the trained network. */
let shortest = Infinity;

/** Whether the network is right after each character, or where it is first wrong. */
function verdictOn(subject) {
  const { tokens } = subject;
  const edited = subject.edited || !subject.trained;
  const wrong = mistakes(subject);
  const count = tokens.length;
  if (wrong.length && !edited) shortest = Math.min(shortest, count);
  const least = `The shortest text that fooled it here has ${characters(shortest)}`;
  if (!wrong.length) {
    const all = count === 1 ? "the only character" : `each of the ${count} characters`;
    const asked = shortest < Infinity ? `${least}.` : "Which text fools it?";
    return `The network is right after ${all}.${edited ? "" : ` ${asked}`}`;
  }
  const [t, k, yes] = wrong[0];
  return (
    `The network is wrong after ${wrong.length} of ${characters(count)}, ` +
    `first after “${tokens[t]}” at step ${t + 1}: ` +
    `it says ${yes ? "no" : "yes"} to “${known.network.outputs[k]}”.` +
    (edited ? "" : ` ${least}; does a shorter one?`)
  );
}

/** Python that prints the network's answers after each character. */
const answering = ({ preamble }) =>
  [
    preamble,
    "# What it answers after each character.",
    "answered = zip(text, answers[:, 0].tolist(), inside.tolist(), depth.tolist())",
    "for ch, (quoted, closed), is_inside, opened in answered:",
    "    right = (quoted > 0.5, closed > 0.5) == (is_inside, opened == 0)",
    '    said = f"{ch}  inside quotes: {quoted:.2f}  all closed: {closed:.2f}"',
    '    print(said if right else f"{said}  wrong")',
    "",
  ].join("\n");

/**
 * Start a figure; `makeTraining` makes the slider over the training, see `slider.js`, of
 * a figure that has one.
 */
function start(figure, makeTraining) {
  const id = figure.id.replace(/^figure-/, "");
  const bars = [...figure.querySelectorAll(".lf-live")];
  const pageFigure = new PageFigure(
    figure,
    "The figure shows your settings. The caption is about the trained " +
      "network and its own text:",
    address,
  );
  const { places, buttonStatus } = pageFigure;
  const [field, texts, choice, slider, printedWeight, reset] = [
    "[type=text]",
    ".lf-texts",
    ".lf-weighed select",
    ".lf-weighed [type=range]",
    ".lf-weighed output",
    "[data-do=reset]",
  ].map((selector) => figure.querySelector(`.lf-live ${selector}`));
  // Repeats the verdict beside the slider, which on a phone is far from it.
  const sliderVerdict = figure.querySelector(".lf-verdict");
  const own = JSON.parse(figure.querySelector("[data-shown]").dataset.shown);
  // JSON has null for the network's own text.
  own.text ??= undefined;
  const { view } = own;
  // The view never changes, so it is no part of a state.
  delete own.view;
  // The text, the edits and the moment of the training, as an address has them.
  let state = own;
  let subject = new Subject(own.text, own.edits, own.after);
  let figures = reading(subject, id, view);
  // Without an address it is no link; `linkToStep` sets the address.
  const onward = document.createElement("a");
  onward.className = "lf-onward";
  buttonStatus.before(onward, " ");
  // A figure without gates has no weight map.
  const map = figure.querySelector(".lf-map") ?? document.createElement("div");
  const framed = new Framed(map.querySelectorAll(".lf-forms > div"));
  const stepFigure = makeTraining
    ? ""
    : figure.querySelector(`figcaption a[href$="${STEP}"]`)?.href;

  /** Link to one step in the figure `keep-write-show`, if the caption links to it. */
  const linkToStep = (t) => {
    if (!stepFigure) return;
    const isOwn = subject.text === known.network.text;
    const parts = isOwn ? [] : [`text=${encodeURIComponent(subject.text)}`];
    parts.push(`step=${t + 1}`, ...state.edits.map(editText));
    onward.href = `${stepFigure.split(/[?#]/)[0]}?${parts.join("&")}${STEP}`;
    onward.textContent = `All of step ${t + 1}`;
  };

  const describe = (t) => stepSentence(subject, t, view.units);
  // The link stays when the reader leaves the step to follow it.
  const cursor = new StepCursor(figure, pageFigure, describe, linkToStep);
  cursor.show(figures);

  /** The key of the chosen weight. */
  const chosen = () => `${choice.value.replace(":", "[")}]`;

  /** Show the chosen weight. */
  const showWeight = () => {
    const edit = state.edits.find((edit) => keyOf(edit) === chosen());
    const value = edit?.[2] ?? findNumber(chosen(), subject.tensors)[2];
    slider.value = value;
    printedWeight.textContent = float32Text(value);
    // Framing the same cell again would only slow down each key.
    if (framed.chosen !== choice.value) framed.at(choice.value);
  };

  /** Keep the slider in view on a phone. */
  const keepSliderInView = () => sliderVerdict.parentElement.classList.add("lf-held");

  const choose = (slot) => {
    if (!slot || slot === choice.value) return;
    choice.value = slot;
    showWeight();
    keepSliderInView();
  };

  /** The address of the current state. */
  function address() {
    const [, others] = parseQuery(location.search, "", networkVariables);
    const text = encodeURIComponent(subject.text);
    const parts = state.after === own.after ? [] : [`after=${state.after}`];
    if (state.text !== own.text) parts.push(`text=${text}`);
    parts.push(...state.edits.map(editText));
    const query = [...others, ...(alike(state, own) ? [] : parts)].join("&");
    return addressOf(figure, query);
  }

  /** Say what is true of all steps, or why nothing is. */
  const announce = (sentence) => {
    cursor.verdict = sentence;
    sliderVerdict.textContent = sentence;
    pageFigure.announce(() => cursor.sentence);
  };

  /** Draw another state. */
  const draw = (next) => {
    if (next.text === (own.text ?? known.network.text)) next.text = own.text;
    state = next;
    subject = new Subject(state.text, state.edits, state.after);
    figures = reading(subject, id, view);
    training?.show(subject);
    cursor.show(figures);
    const isOwn = alike(state, own);
    pageFigure.show(isOwn ? null : figures);
    reset.disabled = isOwn;
    showWeight();
    buttonStatus.textContent = "";
    linkToStep(mistakes(subject)[0]?.[0] ?? 0);
    announce(verdictOn(subject));
  };

  /** The edits, with the chosen weight set to a value; with null as it was. */
  const withWeight = (value) => [
    ...state.edits.filter((edit) => keyOf(edit) !== chosen()),
    ...(value === null ? [] : [[...findNumber(chosen(), tensors).slice(0, 2), value]]),
  ];

  field.addEventListener("input", () => {
    const problem = problemOf(field.value);
    if (problem) announce(`${problem} The figure shows the old text.`);
    else draw({ ...state, text: field.value });
  });
  choice.addEventListener("change", showWeight);
  slider.addEventListener("input", () => {
    draw({ ...state, edits: withWeight(Number(slider.value)) });
    keepSliderInView();
  });
  /** Draw the example that is chosen, which can be chosen again. */
  const takeExample = () => {
    if (!texts.value) return;
    field.value = texts.value;
    draw({ ...state, text: texts.value });
    texts.value = "";
  };
  texts.addEventListener("change", takeExample);
  const click = async ({ target }) => {
    const { weight, do: act } = target.dataset;
    if (weight !== undefined) {
      draw({ ...state, edits: withWeight(weight === "" ? null : Number(weight)) });
      keepSliderInView();
    } else if (act === "reset") {
      training?.pause();
      draw(own);
      field.value = subject.text;
      field.focus();
    } else if (act === "copy") {
      await copied(answering(figures[0]), buttonStatus, "Copied; it prints the same answers");
    } else if (act === "save") save(subject, buttonStatus);
  };
  for (const bar of bars) bar.addEventListener("click", click);

  // Choose a cell of the weight map by click or by keyboard focus.
  map.addEventListener("click", ({ target, clientX, clientY }) => {
    const { expr, of } = target.dataset ?? {};
    const svg = target.closest("svg");
    if (!svg) return;
    const point = new DOMPoint(clientX, clientY);
    const { x, y } = point.matrixTransform(svg.getScreenCTM().inverse());
    choose(slotOf(expr ?? of ?? "") || slotAt(target, x, y));
  });
  map.addEventListener("focusin", ({ target }) => {
    const slot = slotOf(target.dataset?.expr ?? "");
    if (!slot) return;
    choose(slot);
    const label = target.getAttribute("aria-label");
    target.setAttribute(
      "aria-label",
      label.replace(COPIES, "Enter leads to its slider."),
    );
  });
  map.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !slotOf(event.target.dataset.expr ?? "")) return;
    event.preventDefault();
    event.stopPropagation();
    slider.focus();
  });

  const training = makeTraining?.(figure, (after) => {
    const isOwn = momentAt(own.after).batches === after;
    draw({ ...state, after: isOwn ? own.after : after });
  });
  if (training) {
    const text = () => (state.text === own.text ? "" : state.text);
    pageFigure.floor = () => training.floor(places, figures, text());
  }

  cursor.verdict = verdictOn(subject);
  cursor.status.textContent = cursor.verdict;
  sliderVerdict.textContent = cursor.verdict;
  linkToStep(0);
  for (const bar of bars) bar.hidden = false;
  const asked = stateAsked(figure, "", networkVariables);
  const after = asked.after === undefined ? {} : { after: asked.after };
  // The reader may have typed or moved something before this script loaded.
  if (field.value !== subject.text) field.dispatchEvent(new Event("input"));
  else if (slider.value !== slider.defaultValue) {
    slider.dispatchEvent(new Event("input"));
  } else if (training?.moved) training.take();
  else if (texts.value) takeExample();
  else if (
    asked.text !== undefined ||
    asked.edits.length ||
    asked.after !== undefined
  ) {
    const edits = asked.edits.length ? asked.edits : own.edits;
    const moved = edits.find(([name]) => name.startsWith("lstm."));
    if (moved) choice.value = `${moved[0]}:${moved[1].join(",")}`;
    draw({ ...own, text: asked.text ?? own.text, edits, ...after });
    field.value = subject.text;
  } else showWeight();
}

/**
 * Start each figure of a kind, `reading` or `training`, that has not been started:
 * another may have loaded the script. See `start` for `makeTraining`.
 */
export function startAll(kind, makeTraining) {
  const all = `figure:has(.lf-live[data-figure=${kind}]):not(.lf-started)`;
  for (const figure of document.querySelectorAll(all)) {
    figure.classList.add("lf-started");
    start(figure, makeTraining);
  }
}

startAll("reading");
