// The figure `reading` of what one types, with a weight of one's own.

import { known } from "../twin/known.js";
import { exact, f32, literal, MINUS } from "../twin/numbers.js";
import { followed } from "./heard.js";
import { reading } from "./reading.js";
import { proof, Subject } from "../twin/subject.js";

const PAUSE = 400;
const LARGEST = 1000;
const ODD = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u;
const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d{1,3})?$/i;

const { tensors } = known.network;
const WEIGHT = `lstm.${known.weight.replace(" ", "")}`;

/** A number of a tensor by its name, as `[name, at, value]` of now; else null. */
function place(written) {
  const [, name, index] = written.match(/^([\w.]+)\[([\d, ]+)\]$/) ?? [];
  if (!name || !Object.hasOwn(tensors, name)) return null;
  const at = index.split(",").map(Number);
  const depth = Array.isArray(tensors[name][0]) ? 2 : 1;
  const value = at.reduce((inside, k) => inside?.[k], tensors[name]);
  return at.length === depth && typeof value === "number" ? [name, at, value] : null;
}

const said32 = (value) => exact(f32(value)).replace(/\.0$/, "").replace("-", MINUS);

const keyOf = ([name, at]) => `${name}[${at.join(",")}]`;

/** What keeps a text from being read, in one sentence, or nothing. */
function problemOf(text) {
  const characters = [...text];
  if (!characters.length || characters.length > known.longest) {
    return (
      `Got ${characters.length} characters, expected 1 to ${known.longest}; ` +
      `${characters.length ? "leave some out" : "type one"}.`
    );
  }
  const odd = characters.find((one) => ODD.test(one));
  if (odd === undefined) return "";
  const code = odd.codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
  return `Got U+${code}, expected characters that can be printed; leave it out.`;
}

function decoded(written) {
  try {
    return decodeURIComponent(written);
  } catch {
    return null;
  }
}

/** The parts of an address, those of a state and those of others. */
function parted(search) {
  const state = { text: undefined, edits: [] };
  const others = [];
  for (const part of search.replace(/^\?/, "").split("&").filter(Boolean)) {
    const [name, ...rest] = part.split("=");
    const [key, value] = [decoded(name), decoded(rest.join("="))];
    const found = key === null ? null : place(key);
    if (key === "text") {
      if (value !== null && !problemOf(value)) state.text = value;
    } else if (found) {
      const number = NUMBER.test(value) ? Number(value) : NaN;
      const isFirst = state.edits.every((one) => keyOf(one) !== keyOf(found));
      if (Math.abs(number) <= LARGEST && isFirst) {
        state.edits.push([found[0], found[1], number]);
      }
    } else others.push(part);
  }
  return [state, others];
}

const alike = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** Whether the network was right after each character, and where not first. */
function judged(subject) {
  const { truth, tokens, answers } = subject;
  const wrong = [];
  answers.forEach((given, t) => {
    const truths = [truth.inside[t], truth.depth[t] === 0];
    const k = given.findIndex((one, which) => one > 0.5 !== truths[which]);
    if (k >= 0) wrong.push([t, k, truths[k]]);
  });
  const count = tokens.length;
  const all = count === 1 ? "the only character" : `each of the ${count} characters`;
  if (!wrong.length) return `The network is right after ${all}.`;
  const [t, k, yes] = wrong[0];
  return (
    `The network is wrong after ${wrong.length} of ${count} ` +
    `character${count === 1 ? "" : "s"}, first after “${tokens[t]}” at step ${t + 1}: ` +
    `it says ${yes ? "no" : "yes"} to “${known.network.outputs[k]}”.`
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

function start(figure) {
  const id = figure.id.replace(/^figure-/, "");
  const bars = [...figure.querySelectorAll(".lf-live")];
  const forms = figure.querySelector(".lf-forms");
  const places = [...forms.children];
  const [field, slider, printed, reset] = [
    "[type=text]",
    "[type=range]",
    "output",
    "[data-do=reset]",
  ].map((one) => figure.querySelector(`.lf-live ${one}`));
  const [said, done] = figure.querySelectorAll(".lf-live [role=status]");
  const [proven, share] = figure.querySelectorAll(".lf-tools > details");
  const link = share.querySelector("a");
  const caption = figure.querySelector("figcaption");
  const of = document.createElement("p");
  of.className = "lf-speaks";
  of.textContent =
    "The figure is of what you have set. The caption speaks of the trained " +
    "network and its own text:";
  of.hidden = true;
  caption.before(of);

  const own = JSON.parse(bars[0].dataset.shown);
  own.text ??= undefined;
  // What Python has drawn, to which one comes back.
  const drawn = {
    svgs: places.map((one) => one.querySelector("svg")),
    summary: proven.querySelector("summary").textContent,
    proof: proven.querySelector("pre").textContent,
    command: share.querySelector("pre").textContent,
  };
  let state = own;
  let subject = new Subject(own.text, own.edits);
  let figures = reading(subject, id);
  let verdict = judged(subject);
  let waiting = 0;
  let at = -1;

  const cursors = places.map((one) => {
    const cursor = document.createElement("div");
    cursor.className = "lf-cursor";
    cursor.hidden = true;
    one.append(cursor);
    return cursor;
  });

  /** Show one of the steps, and say what happens there; none by -1. */
  const follow = (t) => {
    if (t === at) return;
    at = t;
    cursors.forEach((cursor, k) => {
      const column = t < 0 ? null : figures[k].column(t);
      cursor.hidden = !column;
      if (!column) return;
      const { left, right, top, bottom } = column;
      const inset = [top, 1 - right, 1 - bottom, left].map((one) => `${100 * one}%`);
      cursor.style.inset = inset.join(" ");
    });
    said.textContent = t < 0 ? verdict : followed(subject, t);
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

  const weightOf = ({ edits }) =>
    edits.find((one) => keyOf(one) === WEIGHT)?.[2] ?? place(WEIGHT)[2];

  /** Put the forms of the figure into the places of those before. */
  const put = (next) => {
    places.forEach((one, k) => {
      const old = one.querySelector("svg");
      if (next[k] instanceof Element) old.replaceWith(next[k]);
      else {
        old.outerHTML = next[k];
        const fresh = one.querySelector("svg");
        for (const name of ["tabindex", "aria-description"]) {
          const value = drawn.svgs[k].getAttribute(name);
          if (value !== null) fresh.setAttribute(name, value);
        }
      }
    });
    document.dispatchEvent(new Event("lf-drawn"));
  };

  const address = () => {
    const [, others] = parted(location.search);
    const text = encodeURIComponent(subject.text);
    const parts = state.text === own.text ? [] : [`text=${text}`];
    for (const edit of state.edits) {
      parts.push(`${keyOf(edit)}=${literal(edit[2]).replace(/\.0$/, "")}`);
    }
    const query = [...others, ...(alike(state, own) ? [] : parts)].join("&");
    return `${location.pathname}${query && `?${query}`}#${figure.id}`;
  };

  /** Say it when whoever types has stopped, and once. */
  const settle = (sentence) => {
    verdict = sentence;
    clearTimeout(waiting);
    said.textContent = "";
    waiting = setTimeout(() => {
      if (at < 0) said.textContent = verdict;
      forms.style.minHeight = "";
      history.replaceState(null, "", address());
    }, PAUSE);
  };

  const draw = (next) => {
    if (next.text === (own.text ?? known.network.text)) next.text = own.text;
    // The page below does not jump while one types.
    forms.style.minHeight = `${forms.getBoundingClientRect().height}px`;
    state = next;
    subject = new Subject(state.text, state.edits);
    figures = reading(subject, id);
    follow(-1);
    const isOwn = alike(state, own);
    put(isOwn ? drawn.svgs : figures.map((one) => one.svg));
    const [shown] = figures;
    const count = shown.numbers.length;
    proven.querySelector("summary").textContent = isOwn
      ? drawn.summary
      : `Proof of ${count} number${count === 1 ? "" : "s"}`;
    proven.querySelector("pre").textContent = isOwn ? drawn.proof : proof(shown);
    share.querySelector("pre").textContent = isOwn ? drawn.command : shown.command;
    link.href = address();
    of.hidden = isOwn;
    reset.disabled = isOwn;
    slider.value = weightOf(state);
    printed.textContent = said32(weightOf(state));
    done.textContent = "";
    settle(judged(subject));
  };

  const withWeight = (value) => [
    ...state.edits.filter((one) => keyOf(one) !== WEIGHT),
    ...(value === null ? [] : [[...place(WEIGHT).slice(0, 2), value]]),
  ];

  field.addEventListener("input", () => {
    const problem = problemOf(field.value);
    if (problem) settle(`${problem} The figure shows the text before.`);
    else draw({ ...state, text: field.value });
  });
  slider.addEventListener("input", () =>
    draw({ ...state, edits: withWeight(Number(slider.value)) }),
  );
  const click = async ({ target }) => {
    const { text, weight, do: act } = target.dataset;
    if (text !== undefined) {
      field.value = text;
      draw({ ...state, text });
    } else if (weight !== undefined) {
      draw({ ...state, edits: withWeight(weight === "" ? null : Number(weight)) });
    } else if (act === "reset") {
      draw(own);
      field.value = subject.text;
      field.focus();
    } else if (act === "copy") {
      try {
        await navigator.clipboard.writeText(answering(figures[0]));
        done.textContent = "Copied; it prints the same answers";
      } catch {
        done.textContent = "The browser does not let this page copy";
      }
    }
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
    const shown = subject.tokens.map((_, t) => t).filter((t) => figures[k].column(t));
    const to = {
      ArrowLeft: shown.findLast((t) => t < at) ?? shown[0],
      ArrowRight: shown.find((t) => t > at) ?? shown.at(-1),
      Home: shown[0],
      End: shown.at(-1),
      Escape: -1,
    }[event.key];
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    follow(to);
  });
  forms.addEventListener("focusout", () => follow(-1));

  said.textContent = verdict;
  for (const bar of bars) bar.hidden = false;
  const [asked] = location.hash === `#${figure.id}` ? parted(location.search) : [{}];
  // Whoever is quick has typed or moved something before this was there.
  if (field.value !== subject.text) field.dispatchEvent(new Event("input"));
  else if (slider.value !== slider.defaultValue) {
    slider.dispatchEvent(new Event("input"));
  } else if (asked.text !== undefined || asked.edits?.length) {
    const edits = asked.edits.length ? asked.edits : own.edits;
    draw({ text: asked.text ?? own.text, edits });
    field.value = subject.text;
  }
}

for (const figure of document.querySelectorAll("figure:has(.lf-live)")) start(figure);
