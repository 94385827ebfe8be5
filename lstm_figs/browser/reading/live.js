// The figure `reading` of what one types, with a weight of one's own.

import {
  addressOf,
  keyOf,
  parted,
  place,
  problemOf,
  written,
} from "../twin/address.js";
import { Framed, slotAt, slotOf } from "../twin/framed.js";
import { known } from "../twin/known.js";
import { momentAt } from "../twin/moments.js";
import { exact, f32, MINUS } from "../twin/numbers.js";
import { save } from "../twin/saved.js";
import { copied, Shown } from "../twin/page_figure.js";
import { Subject } from "../twin/subject.js";
import { followed } from "./alt_text.js";
import { reading } from "./reading.js";

const PAUSE = 400;
const { tensors } = known.network;
const given = () => tensors;
const STEP = "#figure-keep-write-show";
const COPIES = "Enter copies it as Python.";

const said32 = (value) => exact(f32(value)).replace(/\.0$/, "").replace("-", MINUS);

const alike = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** Where the network was wrong, of which answer, and what that should be. */
function mistakes({ truth, answers }) {
  const wrong = [];
  answers.forEach((given, t) => {
    const truths = [truth.inside[t], truth.depth[t] === 0];
    const k = given.findIndex((one, which) => one > 0.5 !== truths[which]);
    if (k >= 0) wrong.push([t, k, truths[k]]);
  });
  return wrong;
}

const counted = (count) => `${count} character${count === 1 ? "" : "s"}`;

/** The fewest characters that have fooled the network as it was trained. */
let shortest = Infinity;

/** Whether the network was right after each character, and where not first. */
function judged(subject) {
  const { tokens } = subject;
  const edited = subject.edited || !subject.trained;
  const wrong = mistakes(subject);
  const count = tokens.length;
  if (wrong.length && !edited) shortest = Math.min(shortest, count);
  const least = `The shortest text that fooled it here has ${counted(shortest)}`;
  if (!wrong.length) {
    const all = count === 1 ? "the only character" : `each of the ${count} characters`;
    const asked = shortest < Infinity ? `${least}.` : "Which text fools it?";
    return `The network is right after ${all}.${edited ? "" : ` ${asked}`}`;
  }
  const [t, k, yes] = wrong[0];
  return (
    `The network is wrong after ${wrong.length} of ${counted(count)}, ` +
    `first after “${tokens[t]}” at step ${t + 1}: ` +
    `it says ${yes ? "no" : "yes"} to “${known.network.outputs[k]}”.` +
    (edited ? "" : ` ${least}; does a shorter one?`)
  );
}

/** Python that prints what the network answers after each character. */
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

/** `sliding` makes a slider over the training of the network, where there is one. */
function start(figure, sliding) {
  const id = figure.id.replace(/^figure-/, "");
  const bars = [...figure.querySelectorAll(".lf-live")];
  const shown = new Shown(
    figure,
    "The figure is of what you have set. The caption speaks of the trained " +
      "network and its own text:",
  );
  const { forms, places } = shown;
  const [field, texts, choice, slider, printed, reset, where] = [
    "[type=text]",
    ".lf-texts",
    ".lf-weighed select",
    ".lf-weighed [type=range]",
    ".lf-weighed output",
    "[data-do=reset]",
    ".lf-at",
  ].map((one) => figure.querySelector(`.lf-live ${one}`));
  // What is said of the figure is beside the slider as well: on a phone they are
  // far apart.
  const seen = figure.querySelector(".lf-verdict");
  const [said, done] = figure.querySelectorAll(".lf-live [role=status]");
  const own = JSON.parse(figure.querySelector("[data-shown]").dataset.shown);
  own.text ??= undefined;
  const { view } = own;
  delete own.view;
  let state = own;
  let subject = new Subject(own.text, own.edits, own.after);
  let figures = reading(subject, id, view);
  let verdict = judged(subject);
  let waiting = 0;
  let at = -1;
  // A link that leads nowhere is none, so that it is made when it has a way.
  const onward = document.createElement("a");
  onward.className = "lf-onward";
  done.before(onward, " ");
  // What draws no gates has no map of weights.
  const map = figure.querySelector(".lf-map") ?? document.createElement("div");
  const framed = new Framed(map.querySelectorAll(".lf-forms > div"));
  const other = sliding
    ? ""
    : figure.querySelector(`figcaption a[href$="${STEP}"]`)?.href;

  /** Lead to all of one step of what is read, where the caption leads to one. */
  const lead = (t) => {
    if (!other) return;
    const isOwn = subject.text === known.network.text;
    const parts = isOwn ? [] : [`text=${encodeURIComponent(subject.text)}`];
    parts.push(`step=${t + 1}`, ...state.edits.map(written));
    onward.href = `${other.split(/[?#]/)[0]}?${parts.join("&")}${STEP}`;
    onward.textContent = `All of step ${t + 1}`;
  };

  const cursors = places.map((one) => {
    const cursor = document.createElement("div");
    cursor.className = "lf-cursor";
    cursor.hidden = true;
    one.append(cursor);
    return cursor;
  });

  /** Say how many steps there are, or which of them is shown. */
  const count = (t) => {
    const { length } = subject.tokens;
    where.textContent =
      t < 0 ? `${length} step${length === 1 ? "" : "s"}` : `${t + 1} of ${length}`;
  };

  /** Show one of the steps, and say what happens there; none by -1. */
  const follow = (t) => {
    if (t === at) return;
    at = t;
    // Whoever goes to the link has left the step.
    if (t >= 0) lead(t);
    cursors.forEach((cursor, k) => {
      const column = t < 0 ? null : figures[k].column(t);
      cursor.hidden = !column;
      if (!column) return;
      const { left, right, top, bottom } = column;
      const inset = [top, 1 - right, 1 - bottom, left].map((one) => `${100 * one}%`);
      cursor.style.inset = inset.join(" ");
    });
    count(t);
    said.textContent = t < 0 ? verdict : followed(subject, t, view.units);
    said.classList.toggle("lf-beside", t >= 0);
    const seen = cursors.find((one) => one.checkVisibility());
    if (!seen) return;
    // Its middle is below the step, as far as there is room.
    const [own, step, room] = [said, seen, said.parentElement].map((one) =>
      one.getBoundingClientRect(),
    );
    const wanted = (step.left + step.right - own.width) / 2 - room.left;
    const most = room.width - own.width;
    said.style.setProperty("--lf-at", `${Math.max(0, Math.min(wanted, most))}px`);
  };

  /** The step before or after the one that is shown, of those that are drawn. */
  const beside = (k, way) => {
    const steps = subject.tokens.map((_, t) => t).filter((t) => figures[k].column(t));
    return way < 0
      ? (steps.findLast((t) => t < at) ?? steps[0])
      : (steps.find((t) => t > at) ?? steps.at(-1));
  };

  const stepAt = (k, x, y) =>
    subject.tokens.findIndex((_, t) => {
      const column = figures[k].column(t);
      return (
        column &&
        column.left <= x &&
        x < column.right &&
        column.top <= y &&
        y < column.bottom
      );
    });

  /** Which weight is moved. */
  const chosen = () => `${choice.value.replace(":", "[")}]`;

  const control = () => {
    const edit = state.edits.find((one) => keyOf(one) === chosen());
    const value = edit?.[2] ?? place(chosen(), subject.tensors)[2];
    slider.value = value;
    printed.textContent = said32(value);
    // The map is drawn once, and a key does not wait for it.
    if (framed.chosen !== choice.value) framed.at(choice.value);
  };

  /** On a phone the slider stays in sight. */
  const hold = () => seen.parentElement.classList.add("lf-held");

  const choose = (slot) => {
    if (!slot || slot === choice.value) return;
    choice.value = slot;
    control();
    hold();
  };

  const address = () => {
    const [, others] = parted(location.search, "", given);
    const text = encodeURIComponent(subject.text);
    const parts = state.after === own.after ? [] : [`after=${state.after}`];
    if (state.text !== own.text) parts.push(`text=${text}`);
    parts.push(...state.edits.map(written));
    const query = [...others, ...(alike(state, own) ? [] : parts)].join("&");
    return addressOf(figure, query);
  };

  /** Say it when whoever types has stopped, and once. */
  const settle = (sentence) => {
    verdict = sentence;
    seen.textContent = sentence;
    clearTimeout(waiting);
    said.textContent = "";
    waiting = setTimeout(() => {
      shown.settle();
      if (at < 0) said.textContent = verdict;
      history.replaceState(null, "", address());
    }, PAUSE);
  };

  const draw = (next) => {
    if (next.text === (own.text ?? known.network.text)) next.text = own.text;
    state = next;
    subject = new Subject(state.text, state.edits, state.after);
    figures = reading(subject, id, view);
    training?.show(subject);
    follow(-1);
    count(-1);
    const isOwn = alike(state, own);
    shown.show(isOwn ? null : figures, address());
    reset.disabled = isOwn;
    control();
    done.textContent = "";
    lead(mistakes(subject)[0]?.[0] ?? 0);
    settle(judged(subject));
  };

  const withWeight = (value) => [
    ...state.edits.filter((one) => keyOf(one) !== chosen()),
    ...(value === null ? [] : [[...place(chosen(), tensors).slice(0, 2), value]]),
  ];

  field.addEventListener("input", () => {
    const problem = problemOf(field.value);
    if (problem) settle(`${problem} The figure shows the text before.`);
    else draw({ ...state, text: field.value });
  });
  choice.addEventListener("change", control);
  slider.addEventListener("input", () => {
    draw({ ...state, edits: withWeight(Number(slider.value)) });
    hold();
  });
  const take = () => {
    if (!texts.value) return;
    field.value = texts.value;
    draw({ ...state, text: texts.value });
    texts.value = "";
  };
  texts.addEventListener("change", take);
  const click = async ({ target }) => {
    const { go: way, weight, do: act } = target.dataset;
    if (way) {
      const k = places.findIndex((one) => one.checkVisibility());
      follow(beside(k, Number(way)));
    } else if (weight !== undefined) {
      draw({ ...state, edits: withWeight(weight === "" ? null : Number(weight)) });
      hold();
    } else if (act === "reset") {
      training?.pause();
      draw(own);
      field.value = subject.text;
      field.focus();
    } else if (act === "copy") {
      await copied(answering(figures[0]), done, "Copied; it prints the same answers");
    } else if (act === "save") save(subject, done);
  };
  for (const bar of bars) bar.addEventListener("click", click);

  places.forEach((one, k) => {
    const point = ({ clientX, clientY }) => {
      const { left, top, width, height } = one.getBoundingClientRect();
      follow(stepAt(k, (clientX - left) / width, (clientY - top) / height));
    };
    one.addEventListener("pointermove", point);
    one.addEventListener("click", point);
    one.addEventListener("pointerleave", ({ pointerType }) => {
      if (pointerType === "mouse") follow(-1);
    });
  });
  forms.addEventListener("keydown", (event) => {
    if (!event.target.matches("svg.lf-figure[role=img]")) return;
    const k = places.findIndex((one) => one.contains(event.target));
    const to = {
      ArrowLeft: beside(k, -1),
      ArrowRight: beside(k, 1),
      Home: subject.tokens.findIndex((_, t) => figures[k].column(t)),
      End: subject.tokens.findLastIndex((_, t) => figures[k].column(t)),
      Escape: -1,
    }[event.key];
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    follow(to);
  });
  forms.addEventListener("focusout", () => follow(-1));

  // A cell of the weight map is chosen by a click, and where the keyboard goes.
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
    const told = target.getAttribute("aria-label");
    target.setAttribute("aria-label", told.replace(COPIES, "Enter leads to its slider."));
  });
  map.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !slotOf(event.target.dataset.expr ?? "")) return;
    event.preventDefault();
    event.stopPropagation();
    slider.focus();
  });

  const training = sliding?.(figure, (after) => {
    const isOwn = momentAt(own.after).batches === after;
    draw({ ...state, after: isOwn ? own.after : after });
  });
  if (training) {
    const text = () => (state.text === own.text ? "" : state.text);
    shown.floor = () => training.floor(places, figures, text());
  }

  said.textContent = verdict;
  seen.textContent = verdict;
  lead(0);
  for (const bar of bars) bar.hidden = false;
  const [asked] =
    location.hash === `#${figure.id}` ? parted(location.search, "", given) : [{}];
  const after = asked.after === undefined ? {} : { after: asked.after };
  // Whoever is quick has typed or moved something before this was there.
  if (field.value !== subject.text) field.dispatchEvent(new Event("input"));
  else if (slider.value !== slider.defaultValue) {
    slider.dispatchEvent(new Event("input"));
  } else if (training?.moved) training.take();
  else if (texts.value) take();
  else if (asked.text !== undefined || asked.edits?.length || asked.after !== undefined) {
    const edits = asked.edits.length ? asked.edits : own.edits;
    const moved = edits.find(([name]) => name.startsWith("lstm."));
    if (moved) choice.value = `${moved[0]}:${moved[1].join(",")}`;
    draw({ ...own, text: asked.text ?? own.text, edits, ...after });
    field.value = subject.text;
  } else control();
}

/** Start each figure of a kind that nothing has started yet. */
export function startAll(kind, sliding) {
  const all = `figure:has(.lf-live[data-figure=${kind}]):not(.lf-started)`;
  for (const figure of document.querySelectorAll(all)) {
    figure.classList.add("lf-started");
    start(figure, sliding);
  }
}

startAll("reading");
