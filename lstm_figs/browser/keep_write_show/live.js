// The figure `keep-write-show` at each step of a text, with numbers of one's own.

import {
  addressOf,
  keyOf,
  LARGEST,
  numberOf,
  parted,
  place,
  written as addressed,
} from "../twin/address.js";
import { Framed, slotOf as ofTensor } from "../twin/framed.js";
import { known } from "../twin/known.js";
import { exact, f32, printed } from "../twin/numbers.js";
import { save } from "../twin/saved.js";
import { copied, Shown } from "../twin/page_figure.js";
import { givenOf, Subject } from "../twin/subject.js";
import { Strip } from "../strip.js";
import { keepWriteShow } from "./keep_write_show.js";

const PAUSE = 400;
const BY = 0.1;
const UNFINISHED = /^[-+]?\d*\.?(\d*e[-+]?)?$/i;
const MEETS = { "lstm.weight_ih_l0": "x", "lstm.weight_hh_l0": "h_prev" };
const STATES = { h_prev: "h_0", c_prev: "c_0" };
const FIRST = new Set(Object.values(STATES));
const OF_A_STEP = new Set(["x", ...Object.keys(STATES)]);

/** What a number is called in the page, whichever step is shown: `x:3`. */
function slotOf(expression) {
  const [, name, index] = expression.match(/^([\w.]+)\[([\d, ]+)\]$/) ?? [];
  if (name === "x" || name in STATES) return `${name}:${index.split(", ").at(-1)}`;
  return ofTensor(expression);
}

const partsOf = (slot) => {
  const [name, index] = slot.split(":");
  return [name, index.split(",").map(Number)];
};

/** A float32 as it is typed. */
const typed = (value) => exact(value).replace(/\.0$/, "");

const alike = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** Python that prints both states after a step. */
const printing = ({ preamble }, t) =>
  [
    preamble,
    `# Both states after step ${t + 1}.`,
    `print("h", output[${t}, 0].tolist())`,
    `print("c", c[${t}, 0].tolist())`,
    "",
  ].join("\n");

/** What a step does, and what a weight that meets a zero does not. */
function told(subject, t, slot) {
  const step = subject.steps[t];
  const edits = subject.edits.filter(([one]) => !one.startsWith("lstm."));
  const trained =
    edits.length < subject.edits.length ? new Subject(subject.text, edits).steps[t] : step;
  const of = (name, unit) => printed(step[name][unit]);
  const made = (name, unit) => {
    const [now, then] = [step, trained].map((one) => printed(one[name][unit]));
    return `${name} is ${now}${now === then ? "" : ` (${then} as trained)`}`;
  };
  const units = step.c.map(
    (_, unit) =>
      `Unit ${unit} keeps ${of("f", unit)} of ${of("c_prev", unit)} and writes ` +
      `${of("i", unit)} of ${of("g", unit)}: ${made("c", unit)}, ${made("h", unit)}.`,
  );
  const [name, [, column]] = partsOf(slot);
  const met = MEETS[name];
  const idle = met && step[met][column] === 0;
  const note = idle
    ? [`This weight meets a 0, ${met}[${t}, 0, ${column}]: at this step it adds nothing.`]
    : [];
  const begins = t === 0 && subject.edits.some(([one]) => FIRST.has(one));
  const start = begins ? ["The sequence begins here, with this state."] : [];
  return [...start, ...note, ...units].join(" ");
}

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
  ].map((one) => figure.querySelector(`.lf-live ${one}`));
  const [said, done] = figure.querySelectorAll(".lf-live [role=status]");
  const arrows = [...figure.querySelectorAll("[data-go]")];
  const strip = new Strip(figure.querySelector(".lf-strip"), (step) => go(step));
  const own = JSON.parse(bars[0].dataset.shown);
  own.text ??= undefined;
  const shown = new Shown(
    figure,
    `The figure is of what you have set. The caption speaks of step ${own.step} of the ` +
      "trained network:",
    () => frame(),
  );
  const { forms, places } = shown;
  const whole = own.text ?? known.network.text;
  let state = own;
  let subject = new Subject(own.text, own.edits);
  let figures = keepWriteShow(subject, id, { step: own.step });
  let waiting = 0;
  let changing = "";
  const before = [];

  const framed = new Framed(places, slotOf);

  /** What a number of the figure is now. */
  const valueOf = (slot) => {
    const [name, at] = partsOf(slot);
    const held = OF_A_STEP.has(name)
      ? subject.steps[state.step - 1][name]
      : subject.given[name];
    return at.reduce((inside, k) => inside[k], held);
  };

  /** What is set where a number of the figure is changed. */
  const targetOf = (slot, t) => {
    const [name, at] = partsOf(slot);
    if (name === "x") return ["x", [t, 0, ...at]];
    return name in STATES ? [STATES[name], [0, 0, ...at]] : [name, at];
  };

  /** The same as of the step that is shown, which begins with its own state. */
  const begun = () => {
    const t = state.step - 1;
    const states = Object.entries(STATES).flatMap(([name, first]) =>
      subject.steps[t][name].map((value, k) => [first, [0, 0, k], Number(exact(value))]),
    );
    const kept = state.edits.flatMap(([name, [at, ...rest], value]) => {
      if (name === "x") return at < t ? [] : [[name, [at - t, ...rest], value]];
      return name.includes(".") ? [[name, [at, ...rest], value]] : [];
    });
    const given = states.filter(([, , value]) => value !== 0);
    const text = subject.tokens.slice(t).join("");
    return { text, step: 1, edits: [...kept, ...given] };
  };

  const address = () => {
    const [, others] = parted(location.search, subject.text, givenOf, true);
    const parts = state.text === own.text ? [] : [`text=${encodeURIComponent(subject.text)}`];
    if (state.step !== own.step) parts.push(`step=${state.step}`);
    parts.push(...state.edits.map(addressed));
    const query = [...others, ...(alike(state, own) ? [] : parts)].join("&");
    return addressOf(figure, query);
  };

  /** Say it when whoever types has stopped, and once. */
  const settle = (sentence) => {
    clearTimeout(waiting);
    said.textContent = "";
    waiting = setTimeout(() => {
      shown.settle();
      said.textContent = sentence;
      history.replaceState(null, "", address());
    }, PAUSE);
  };

  /** Frame the number that can be changed, in both forms. */
  const frame = () => framed.at(choice.value);

  /** All controls, of the state that is shown. */
  const control = () => {
    const { tokens } = subject;
    const t = state.step - 1;
    label.textContent = state.step;
    count.textContent = tokens.length;
    strip.mark(state.step, tokens);
    const off = (one, is) => one.setAttribute("aria-disabled", is);
    off(arrows[0], state.step === 1);
    off(arrows[1], state.step === tokens.length);
    off(undo, !before.length);
    off(reset, alike(state, own));
    const key = keyOf(targetOf(choice.value, t));
    // What a state was, before the sequence began with it, only undo knows.
    const isGiven = !(partsOf(choice.value)[0] in STATES);
    off(revert, !isGiven || !state.edits.some((one) => keyOf(one) === key));
    if (document.activeElement !== field) field.value = typed(valueOf(choice.value));
    frame();
  };

  const draw = (next) => {
    if (next.text === whole) next.text = own.text;
    state = next;
    subject = new Subject(state.text, state.edits);
    figures = keepWriteShow(subject, id, { step: state.step });
    shown.show(alike(state, own) ? null : figures, address());
    done.textContent = "";
    control();
    settle(told(subject, state.step - 1, choice.value));
  };

  /** A state that can be undone; what is typed for one number is undone at once. */
  const change = (next, slot = "") => {
    if (!slot || slot !== changing) before.push(state);
    changing = slot;
    draw(next);
  };

  const go = (step) => {
    changing = "";
    const to = Math.max(1, Math.min(subject.tokens.length, step));
    if (to !== state.step) draw({ ...state, step: to });
  };

  /** Change a number, or with null let it be what it was; `slot` says it is typed. */
  const set = (value, slot = "") => {
    const [name] = partsOf(choice.value);
    const next = name in STATES && state.step > 1 ? begun() : state;
    const target = targetOf(choice.value, next.step - 1);
    const edits = next.edits.filter((one) => keyOf(one) !== keyOf(target));
    const given = givenOf([...(next.text ?? whole)]);
    const [, , first] = place(keyOf(target), given);
    if (value !== null && f32(value) !== first) edits.push([...target, value]);
    if (edits.some(([, , one]) => Math.abs(one) > LARGEST)) {
      settle(`Got a state beyond ${LARGEST}; the figure stays as it was.`);
    } else change({ ...next, edits }, slot);
  };

  const choose = (slot) => {
    if (!slot || slot === choice.value) return;
    choice.value = slot;
    changing = "";
    field.value = typed(valueOf(slot));
    control();
    settle(told(subject, state.step - 1, slot));
  };

  choice.addEventListener("change", () => {
    changing = "";
    control();
    settle(told(subject, state.step - 1, choice.value));
  });
  field.addEventListener("input", () => {
    const written = field.value.trim().replace("−", "-");
    const value = numberOf(written);
    if (!Number.isNaN(value)) set(value, choice.value);
    else if (!UNFINISHED.test(written) || Math.abs(written) > LARGEST) {
      settle(`Got “${written}”, expected a number from −${LARGEST} to ${LARGEST}.`);
    }
  });
  field.addEventListener("blur", () => {
    changing = "";
    field.value = typed(valueOf(choice.value));
  });

  /** Change the number by so much, without what rounding adds. */
  const by = (much) => {
    const value = Number((Number(typed(valueOf(choice.value))) + much).toFixed(6));
    if (Math.abs(value) > LARGEST) return;
    set(value, choice.value);
    field.value = typed(valueOf(choice.value));
  };
  field.addEventListener("keydown", (event) => {
    const way = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (way) by(way * BY * (event.shiftKey ? 10 : 1));
    else if (event.key === "Escape") {
      places.map((one) => one.querySelector("svg")).find((svg) => svg.checkVisibility())
        .focus();
    } else return;
    event.preventDefault();
  });

  const click = async ({ target }) => {
    const pressed = target.closest("button");
    if (!pressed || pressed.getAttribute("aria-disabled") === "true") return;
    const { go: way, by: much, to, do: act } = pressed.dataset;
    if (way) go(state.step + Number(way));
    else if (much) by(Number(much));
    else if (to) set(Number(to));
    else if (act === "revert") set(null);
    else if (act === "undo") {
      changing = "";
      draw(before.pop());
    } else if (act === "reset") change(own);
    else if (act === "copy") {
      const code = printing(figures[0], state.step - 1);
      await copied(code, done, "Copied; it prints h and c of this step");
    } else if (act === "save") save(subject, done);
  };
  for (const bar of bars) bar.addEventListener("click", click);

  forms.addEventListener("click", ({ target }) => {
    const { expr, of } = target.dataset ?? {};
    const slot = slotOf(expr ?? of ?? "");
    if (!slot) return;
    choose(slot);
    bars[1].classList.add("lf-held");
    // A finger would open a keyboard over the figure.
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
      // What is typed on a number goes where numbers are typed.
      event.preventDefault();
      choose(slotOf(target.dataset.expr));
      field.focus();
      field.value = key;
      field.dispatchEvent(new Event("input"));
    }
  });

  for (const bar of bars) bar.hidden = false;
  const first = field.value;
  const [asked] =
    location.hash === `#${figure.id}` ? parted(location.search, whole, givenOf, true) : [{}];
  if (asked.text !== undefined || asked.step || asked.edits?.length) {
    const text = asked.text ?? own.text;
    const step = asked.step ?? Math.min(own.step, [...(text ?? whole)].length);
    draw({ text, step, edits: asked.edits.length ? asked.edits : own.edits });
  } else control();
  // Whoever is quick has typed something before this was there.
  if (first !== field.defaultValue) {
    field.value = first;
    field.dispatchEvent(new Event("input"));
  }
}

for (const figure of document.querySelectorAll("figure:has([data-figure=keep-write-show])")) {
  start(figure);
}
