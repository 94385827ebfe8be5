// The live figure `reading` of a network of anybody's: a reader changes a weight.

import {
  addressOf,
  editText,
  findNumber,
  keyOf,
  parseQuery,
} from "../twin/address.js";
import { known } from "../twin/known.js";
import { exact, f32, MINUS, printed } from "../twin/numbers.js";
import { copied, PageFigure } from "../twin/page_figure.js";
import { stepSentence } from "../reading/alt_text.js";
import { forms as formsOf } from "./forms.js";
import { OwnSubject } from "./subject.js";

/** The milliseconds after the last change until the result is announced. */
const PAUSE = 400;
/** The gates in the order of their rows. */
const GATES = ["i", "f", "g", "o"];
const { tensors } = known.network;
/** The parameters by name, which an address can edit. */
const parameters = () =>
  Object.fromEntries(
    Object.entries(tensors).filter(([name]) => name in known.network.arrays),
  );

/** How far the edits move c of a drawn unit, at the step where they move it most. */
function effectOf(subject, original, units) {
  const moves = units.flatMap((unit) => {
    const [now, before] = [subject, original].map((run) => run.series("c", unit).values);
    return now.map((c, t) => ({ unit, t, c, before: before[t] }));
  });
  const size = ({ c, before }) => Math.abs(c - before);
  const most = moves.reduce((best, move) => (size(move) > size(best) ? move : best));
  if (!size(most)) return "c of the units that are drawn is as it was.";
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
    "The figure is of what you have set. The caption speaks of the network as it was:",
  );
  const { forms, places } = pageFigure;
  const [tensor, gate, unit, column, slider, shown, reset, where, role] = [
    "tensor",
    "gate",
    "unit",
    "column",
    "value",
    "number",
    "reset",
    "at",
    "role",
  ].map((name) => figure.querySelector(`.lf-live [data-own=${name}]`));
  const [status, done] = figure.querySelectorAll(".lf-live [role=status]");
  const { view } = JSON.parse(figure.querySelector("[data-shown]").dataset.shown);
  const original = new OwnSubject();
  let edits = [];
  let subject = original;
  let figures = formsOf(subject, id, view);
  let at = -1;
  let verdict = status.textContent;
  let waiting = 0;

  const cursors = places.map((place) => {
    const cursor = document.createElement("div");
    cursor.className = "lf-cursor";
    cursor.hidden = true;
    place.append(cursor);
    return cursor;
  });

  /** Mark a step and describe it; -1 marks none. */
  const follow = (t) => {
    at = t;
    cursors.forEach((cursor, k) => {
      const place = t < 0 ? null : figures[k].column(t);
      cursor.hidden = !place;
      if (!place) return;
      const { left, right, top, bottom } = place;
      const sides = [top, 1 - right, 1 - bottom, left].map((share) => `${100 * share}%`);
      cursor.style.inset = sides.join(" ");
    });
    const { length } = subject.tokens;
    where.textContent = t < 0 ? `${length} steps` : `${t + 1} of ${length}`;
    status.textContent = t < 0 ? verdict : stepSentence(subject, t, view.units);
  };

  /** The visible step before or after the current one. */
  const neighbour = (k, direction) => {
    const steps = subject.tokens.map((_, t) => t).filter((t) => figures[k].column(t));
    return direction < 0
      ? (steps.findLast((t) => t < at) ?? steps[0])
      : (steps.find((t) => t > at) ?? steps.at(-1));
  };

  /** The key of the chosen weight; the last one of its row if there is no such column. */
  const chosen = () => {
    const rows = tensors[tensor.value];
    const { length } = known.network.tensors["lstm.bias_ih_l0"];
    const own = Math.min(Number(unit.value) || 0, length / 4 - 1);
    const row = (GATES.indexOf(gate.value) * length) / 4 + own;
    const isMatrix = Array.isArray(rows[0]);
    column.parentElement.hidden = !isMatrix;
    if (!isMatrix) return `${tensor.value}[${row}]`;
    return `${tensor.value}[${row},${Math.min(Number(column.value) || 0, rows[0].length - 1)}]`;
  };

  const control = () => {
    const key = chosen();
    const edit = edits.find((other) => keyOf(other) === key);
    const value = edit?.[2] ?? findNumber(key, tensors)[2];
    slider.value = value;
    shown.textContent = exact(f32(value)).replace(/\.0$/, "").replace("-", MINUS);
    role.textContent = key.replace("lstm.", "").replace(",", ", ");
  };

  const address = () => {
    const [, others] = parseQuery(location.search, "", parameters);
    return addressOf(figure, [...others, ...edits.map(editText)].join("&"));
  };

  const draw = (next) => {
    edits = next;
    subject = edits.length ? new OwnSubject(edits) : original;
    figures = formsOf(subject, id, view);
    verdict = effectOf(subject, original, view.units);
    follow(-1);
    pageFigure.show(edits.length ? figures : null, address());
    reset.disabled = !edits.length;
    control();
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      pageFigure.settle();
      history.replaceState(null, "", address());
    }, PAUSE);
  };

  const withWeight = (value) => {
    const key = chosen();
    const others = edits.filter((edit) => keyOf(edit) !== key);
    if (value === null) return others;
    return [...others, [...findNumber(key, tensors).slice(0, 2), value]];
  };

  for (const field of [tensor, gate, unit, column]) {
    field.addEventListener("input", control);
  }
  // A large network takes longer than a slider takes to move, so moves are joined.
  let frame = 0;
  slider.addEventListener("input", () => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => draw(withWeight(Number(slider.value))));
  });
  const click = async ({ target }) => {
    const { go, weight, do: act } = target.dataset;
    if (go) {
      const k = places.findIndex((place) => place.checkVisibility());
      follow(neighbour(k, Number(go)));
    } else if (weight !== undefined) {
      draw(withWeight(weight === "" ? null : Number(weight)));
    } else if (target === reset) draw([]);
    else if (act === "copy") await copied(figures[0].preamble, done, "Copied");
  };
  for (const bar of bars) bar.addEventListener("click", click);

  places.forEach((place, k) => {
    const point = ({ clientX, clientY }) => {
      const { left, top, width, height } = place.getBoundingClientRect();
      const [x, y] = [(clientX - left) / width, (clientY - top) / height];
      const isAt = ({ left: from, right, top: upper, bottom }) =>
        from <= x && x < right && upper <= y && y < bottom;
      follow(
        subject.tokens.findIndex((_, t) => {
          const place = figures[k].column(t);
          return place && isAt(place);
        }),
      );
    };
    place.addEventListener("pointermove", point);
    place.addEventListener("click", point);
    place.addEventListener("pointerleave", ({ pointerType }) => {
      if (pointerType === "mouse") follow(-1);
    });
  });
  forms.addEventListener("keydown", (event) => {
    if (!event.target.matches("svg.lf-figure[role=img]")) return;
    const k = places.findIndex((place) => place.contains(event.target));
    const to = {
      ArrowLeft: neighbour(k, -1),
      ArrowRight: neighbour(k, 1),
      Home: subject.tokens.findIndex((_, t) => figures[k].column(t)),
      End: subject.tokens.findLastIndex((_, t) => figures[k].column(t)),
      Escape: -1,
    }[event.key];
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    follow(to);
  });
  forms.addEventListener("focusout", () => follow(-1));

  for (const bar of bars) bar.hidden = false;
  const asked =
    location.hash === `#${figure.id}`
      ? parseQuery(location.search, "", parameters)[0].edits
      : [];
  if (asked.length) draw(asked);
  else control();
}

for (const figure of document.querySelectorAll("figure:has([data-figure=own])")) {
  if (!figure.matches(".lf-started")) start(figure);
  figure.classList.add("lf-started");
}
