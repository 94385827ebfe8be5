// The live figure `keep-write-show`: a reader steps through it and edits numbers.

import {
  addressOf,
  editText,
  findNumber,
  keyOf,
  LARGEST,
  numberOf,
  parseQuery,
  stateAsked,
} from "../twin/address.js";
import { Framed, slotOf as ofTensor } from "../twin/framed.js";
import { known } from "../twin/known.js";
import { exact, f32, printed } from "../twin/numbers.js";
import { save } from "../twin/saved.js";
import { copied, PageFigure } from "../twin/page_figure.js";
import { Subject, variablesOf } from "../twin/subject.js";
import { Strip } from "../strip.js";
import { keepWriteShow } from "./keep_write_show.js";

/** By how much an arrow key changes a number. */
const BY = 0.1;
/** A number that the reader has not typed to its end, such as `-` or `1e`. */
const UNFINISHED = /^[-+]?\d*\.?(\d*e[-+]?)?$/i;
/** The vector that each weight multiplies. */
const MEETS = { "lstm.weight_ih_l0": "x", "lstm.weight_hh_l0": "h_prev" };
/** The first state, which can be edited, for each state of a step. */
const STATES = { h_prev: "h_0", c_prev: "c_0" };
/** The names of the first state. */
const FIRST = new Set(Object.values(STATES));
/** Names whose numbers differ from step to step. */
const OF_A_STEP = new Set(["x", ...Object.keys(STATES)]);

/** The slot of an expression, the same at every step: `x:3`. */
function slotOf(expression) {
  const [, name, index] = expression.match(/^([\w.]+)\[([\d, ]+)\]$/) ?? [];
  if (name === "x" || name in STATES) return `${name}:${index.split(", ").at(-1)}`;
  return ofTensor(expression);
}

/** The name and the index of a slot. */
const partsOf = (slot) => {
  const [name, index] = slot.split(":");
  return [name, index.split(",").map(Number)];
};

/** A float32 as a reader would type it. */
const typed = (value) => exact(value).replace(/\.0$/, "");

/** Whether two states are equal. */
const alike = (first, second) => JSON.stringify(first) === JSON.stringify(second);

/** Python that prints both states after a step. */
const printing = ({ preamble }, t) =>
  [
    preamble,
    `# Both states after step ${t + 1}.`,
    `print("h", output[${t}, 0].tolist())`,
    `print("c", c[${t}, 0].tolist())`,
    "",
  ].join("\n");

/** What each unit does at a step, with notes on the chosen number. */
function stepSentence(subject, t, slot) {
  const step = subject.steps[t];
  const edits = subject.edits.filter(([name]) => !name.startsWith("lstm."));
  const trained =
    edits.length < subject.edits.length
      ? new Subject(subject.text, edits).steps[t]
      : step;
  const of = (name, unit) => printed(step[name][unit]);
  const stateText = (name, unit) => {
    const [now, then] = [step, trained].map((results) => printed(results[name][unit]));
    return `${name} is ${now}${now === then ? "" : ` (${then} as trained)`}`;
  };
  const units = step.c.map(
    (_, unit) =>
      `Unit ${unit} keeps ${of("f", unit)} of ${of("c_prev", unit)} and writes ` +
      `${of("i", unit)} of ${of("g", unit)}: ${stateText("c", unit)}, ${stateText("h", unit)}.`,
  );
  const [name, [, column]] = partsOf(slot);
  const met = MEETS[name];
  const idle = met && step[met][column] === 0;
  const note = idle
    ? [
        `This weight meets a 0, ${met}[${t}, 0, ${column}]: at this step it adds nothing.`,
      ]
    : [];
  const begins = t === 0 && subject.edits.some(([name]) => FIRST.has(name));
  const start = begins ? ["The sequence begins here, with this state."] : [];
  return [...start, ...note, ...units].join(" ");
}

/** Start a figure. */
function start(figure) {
  const id = figure.id.replace(/^figure-/, "");
  const bars = [...figure.querySelectorAll(".lf-live")];
  const [choice, field, label, count, undo, reset, revert] = [
    "select",
    "input",
    "output",
    ".lf-count",
    "[data-do=undo]",
    "[data-do=reset]",
    "[data-do=revert]",
  ].map((selector) => figure.querySelector(`.lf-live ${selector}`));
  const arrows = [...figure.querySelectorAll("[data-go]")];
  const strip = new Strip(figure.querySelector(".lf-strip"), (step) => go(step));
  const own = JSON.parse(bars[0].dataset.shown);
  // JSON has null for the network's own text.
  own.text ??= undefined;
  const pageFigure = new PageFigure(
    figure,
    `The figure shows your settings. The caption is about step ${own.step} of the ` +
      "trained network:",
    address,
    () => frame(),
  );
  const { buttonStatus, forms, places } = pageFigure;
  const ownText = own.text ?? known.network.text;
  // The text, the step and the edits, as an address has them.
  let state = own;
  let subject = new Subject(own.text, own.edits);
  let figures = keepWriteShow(subject, id, { step: own.step });
  // The slot that is being typed into, and the states that can be undone.
  let changing = "";
  const before = [];

  const framed = new Framed(places, slotOf);

  /** The current value of a slot. */
  const valueOf = (slot) => {
    const [name, at] = partsOf(slot);
    const tensor = OF_A_STEP.has(name)
      ? subject.steps[state.step - 1][name]
      : subject.variables[name];
    return at.reduce((inside, k) => inside[k], tensor);
  };

  /** The name and the index that an edit of a slot sets. */
  const targetOf = (slot, t) => {
    const [name, at] = partsOf(slot);
    if (name === "x") return ["x", [t, 0, ...at]];
    return name in STATES ? [STATES[name], [0, 0, ...at]] : [name, at];
  };

  /** The same state, with the sequence cut to begin at the current step. */
  const fromThisStep = () => {
    const t = state.step - 1;
    const states = Object.entries(STATES).flatMap(([name, first]) =>
      subject.steps[t][name].map((value, k) => [
        first,
        [0, 0, k],
        Number(exact(value)),
      ]),
    );
    const edits = state.edits.flatMap(([name, [at, ...rest], value]) => {
      if (name === "x") return at < t ? [] : [[name, [at - t, ...rest], value]];
      return name.includes(".") ? [[name, [at, ...rest], value]] : [];
    });
    const nonZero = states.filter(([, , value]) => value !== 0);
    const text = subject.tokens.slice(t).join("");
    return { text, step: 1, edits: [...edits, ...nonZero] };
  };

  /** The address of the current state. */
  function address() {
    const [, others] = parseQuery(location.search, subject.text, variablesOf, true);
    const parts =
      state.text === own.text ? [] : [`text=${encodeURIComponent(subject.text)}`];
    if (state.step !== own.step) parts.push(`step=${state.step}`);
    parts.push(...state.edits.map(editText));
    const query = [...others, ...(alike(state, own) ? [] : parts)].join("&");
    return addressOf(figure, query);
  }

  /** Announce a sentence once the reader has stopped typing. */
  const announce = (sentence) => pageFigure.announce(() => sentence);

  /** Frame the chosen number in both forms. */
  const frame = () => framed.at(choice.value);

  /** Update all controls. */
  const updateControls = () => {
    const { tokens } = subject;
    const t = state.step - 1;
    label.textContent = state.step;
    count.textContent = tokens.length;
    strip.mark(state.step, tokens);
    const disable = (button, is) => button.setAttribute("aria-disabled", is);
    disable(arrows[0], state.step === 1);
    disable(arrows[1], state.step === tokens.length);
    disable(undo, !before.length);
    disable(reset, alike(state, own));
    const key = keyOf(targetOf(choice.value, t));
    // A state can only be undone, because setting it may cut the sequence.
    const isRevertible = !(partsOf(choice.value)[0] in STATES);
    disable(revert, !isRevertible || !state.edits.some((edit) => keyOf(edit) === key));
    if (document.activeElement !== field) field.value = typed(valueOf(choice.value));
    frame();
  };

  /** Draw another state. */
  const draw = (next) => {
    // The own text is no part of an address.
    if (next.text === ownText) next.text = own.text;
    state = next;
    subject = new Subject(state.text, state.edits);
    figures = keepWriteShow(subject, id, { step: state.step });
    pageFigure.show(alike(state, own) ? null : figures);
    buttonStatus.textContent = "";
    updateControls();
    announce(stepSentence(subject, state.step - 1, choice.value));
  };

  /** Draw a state that can be undone; edits typed into the same slot undo together. */
  const change = (next, slot = "") => {
    if (!slot || slot !== changing) before.push(state);
    changing = slot;
    draw(next);
  };

  /** Go to a step, or to the nearest that there is. */
  const go = (step) => {
    changing = "";
    const to = Math.max(1, Math.min(subject.tokens.length, step));
    if (to !== state.step) draw({ ...state, step: to });
  };

  /** Set the chosen number, with null to its original value; `slot` if it is typed. */
  const set = (value, slot = "") => {
    const [name] = partsOf(choice.value);
    const next = name in STATES && state.step > 1 ? fromThisStep() : state;
    const target = targetOf(choice.value, next.step - 1);
    const edits = next.edits.filter((edit) => keyOf(edit) !== keyOf(target));
    const variables = variablesOf([...(next.text ?? ownText)]);
    const [, , first] = findNumber(keyOf(target), variables);
    if (value !== null && f32(value) !== first) edits.push([...target, value]);
    if (edits.some(([, , number]) => Math.abs(number) > LARGEST)) {
      announce(`Got a state beyond ${LARGEST}; the figure stays as it was.`);
    } else change({ ...next, edits }, slot);
  };

  /** Choose the number that the field sets. */
  const choose = (slot) => {
    if (!slot || slot === choice.value) return;
    choice.value = slot;
    changing = "";
    field.value = typed(valueOf(slot));
    updateControls();
    announce(stepSentence(subject, state.step - 1, slot));
  };

  choice.addEventListener("change", () => {
    changing = "";
    updateControls();
    announce(stepSentence(subject, state.step - 1, choice.value));
  });
  field.addEventListener("input", () => {
    const written = field.value.trim().replace("−", "-");
    const value = numberOf(written);
    if (!Number.isNaN(value)) set(value, choice.value);
    else if (!UNFINISHED.test(written) || Math.abs(written) > LARGEST) {
      announce(`Got “${written}”, expected a number from −${LARGEST} to ${LARGEST}.`);
    }
  });
  field.addEventListener("blur", () => {
    changing = "";
    field.value = typed(valueOf(choice.value));
  });

  /** Add to the chosen number, without float errors. */
  const by = (amount) => {
    const value = Number((Number(typed(valueOf(choice.value))) + amount).toFixed(6));
    if (Math.abs(value) > LARGEST) return;
    set(value, choice.value);
    field.value = typed(valueOf(choice.value));
  };
  field.addEventListener("keydown", (event) => {
    const direction = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (direction) by(direction * BY * (event.shiftKey ? 10 : 1));
    else if (event.key === "Escape") {
      places
        .map((place) => place.querySelector("svg"))
        .find((svg) => svg.checkVisibility())
        .focus();
    } else return;
    event.preventDefault();
  });

  const click = async ({ target }) => {
    const pressed = target.closest("button");
    if (!pressed || pressed.getAttribute("aria-disabled") === "true") return;
    const { go: direction, by: amount, to, do: act } = pressed.dataset;
    if (direction) go(state.step + Number(direction));
    else if (amount) by(Number(amount));
    else if (to) set(Number(to));
    else if (act === "revert") set(null);
    else if (act === "undo") {
      changing = "";
      draw(before.pop());
    } else if (act === "reset") change(own);
    else if (act === "copy") {
      const code = printing(figures[0], state.step - 1);
      await copied(code, buttonStatus, "Copied; it prints h and c of this step");
    } else if (act === "save") save(subject, buttonStatus);
  };
  for (const bar of bars) bar.addEventListener("click", click);

  forms.addEventListener("click", ({ target }) => {
    const { expr, of } = target.dataset ?? {};
    const slot = slotOf(expr ?? of ?? "");
    if (!slot) return;
    choose(slot);
    bars[1].classList.add("lf-held");
    // On a touch screen, the focus would open a keyboard over the figure.
    if (matchMedia("(hover:hover)").matches) {
      field.focus({ preventScroll: true });
      field.select();
    }
  });
  forms.addEventListener("focusin", ({ target }) => {
    choose(slotOf(target.dataset?.expr ?? ""));
  });
  forms.addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (target.matches("svg.lf-figure[role=img]")) {
      const to = {
        ArrowLeft: state.step - 1,
        ArrowRight: state.step + 1,
        Home: 1,
        End: subject.tokens.length,
      }[key];
      if (to === undefined) return;
      event.preventDefault();
      go(to);
    } else if (/^[-+.\d]$/.test(key) && slotOf(target.dataset?.expr ?? "")) {
      // Typing on a number of the figure goes on in the field.
      event.preventDefault();
      choose(slotOf(target.dataset.expr));
      field.focus();
      field.value = key;
      field.dispatchEvent(new Event("input"));
    }
  });

  for (const bar of bars) bar.hidden = false;
  const first = field.value;
  const asked = stateAsked(figure, ownText, variablesOf, true);
  if (asked.text !== undefined || asked.step || asked.edits.length) {
    const text = asked.text ?? own.text;
    const step = asked.step ?? Math.min(own.step, [...(text ?? ownText)].length);
    draw({ text, step, edits: asked.edits.length ? asked.edits : own.edits });
  } else updateControls();
  // The reader may have typed something before this script loaded.
  if (first !== field.defaultValue) {
    field.value = first;
    field.dispatchEvent(new Event("input"));
  }
}

for (const figure of document.querySelectorAll(
  "figure:has([data-figure=keep-write-show])",
)) {
  start(figure);
}
