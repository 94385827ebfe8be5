// The step that a reader follows with a pointer, a finger, keys or buttons.

import { cursorOver, moveCursor } from "./cursors.js";

/**
 * A cursor over each form of a figure, and what is said of its step.
 *
 * - `forms`: the element around all forms, which has the focus
 * - `places`: the elements that contain a form
 * - `describe`: gives the sentence about a step, counted from 0
 * - `onStep`: is called with each step that the cursor goes to
 * - `position`: the element with the number of the step
 * - `status`: the element with the sentence
 * - `cursors`: the cursor in each place
 * - `drawn`: the forms from `reading`, with their `stepCount`, `visibleSteps`, and
 *   `column(t)`, the bounds of a step as shares of the width and height
 * - `at`: the step of the cursor; -1 for none
 * - `verdict`: the sentence about all steps, for a cursor at none
 */
export class StepCursor {
  constructor(figure, { forms, places, status }, describe, onStep = () => {}) {
    Object.assign(this, { places, status, describe, onStep, at: -1, verdict: "" });
    this.position = figure.querySelector(".lf-at");
    this.cursors = places.map((place) => cursorOver(place));
    places.forEach((place, k) => {
      const point = ({ clientX, clientY }) => {
        const { left, top, width, height } = place.getBoundingClientRect();
        this.follow(this.stepAt(k, (clientX - left) / width, (clientY - top) / height));
      };
      place.addEventListener("pointermove", point);
      place.addEventListener("click", point);
      place.addEventListener("pointerleave", ({ pointerType }) => {
        if (pointerType === "mouse") this.follow(-1);
      });
    });
    forms.addEventListener("keydown", (event) => this.press(event));
    forms.addEventListener("focusout", () => this.follow(-1));
    for (const button of figure.querySelectorAll("[data-go]")) {
      button.addEventListener("click", () => {
        const k = places.findIndex((place) => place.checkVisibility());
        this.follow(this.neighbour(k, Number(button.dataset.go)));
      });
    }
  }

  /** Follow the steps of other drawings, from none on. */
  show(drawn) {
    this.drawn = drawn;
    this.follow(-1);
    this.showPosition();
  }

  /** The sentence about the current step, or else about all. */
  get sentence() {
    return this.at < 0 ? this.verdict : this.describe(this.at);
  }

  /** Mark a step and describe it; -1 marks none. */
  follow(t) {
    if (t === this.at) return;
    const { cursors, drawn, status } = this;
    this.at = t;
    if (t >= 0) this.onStep(t);
    cursors.forEach((cursor, k) => moveCursor(cursor, drawn[k].column(t)));
    this.showPosition();
    status.textContent = this.sentence;
    status.classList.toggle("lf-beside", t >= 0);
    const visibleCursor = cursors.find((cursor) => cursor.checkVisibility());
    if (!visibleCursor) return;
    // Center the text below the step, within its parent.
    const [own, step, area] = [status, visibleCursor, status.parentElement].map(
      (element) => element.getBoundingClientRect(),
    );
    const centered = (step.left + step.right - own.width) / 2 - area.left;
    const most = area.width - own.width;
    status.style.setProperty("--lf-at", `${Math.max(0, Math.min(centered, most))}px`);
  }

  /** Show the number of steps, or which of them is current. */
  showPosition() {
    const { at, drawn, position } = this;
    const { stepCount } = drawn[0];
    position.textContent =
      at < 0 ? `${stepCount} step${stepCount === 1 ? "" : "s"}` : `${at + 1} of ${stepCount}`;
  }

  /** Go to the step that a key asks for. */
  press(event) {
    if (!event.target.matches("svg.lf-figure[role=img]")) return;
    const k = this.places.findIndex((place) => place.contains(event.target));
    const { visibleSteps } = this.drawn[k];
    const to = {
      ArrowLeft: this.neighbour(k, -1),
      ArrowRight: this.neighbour(k, 1),
      Home: visibleSteps[0],
      End: visibleSteps.at(-1),
      Escape: -1,
    }[event.key];
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.follow(to);
  }

  /** The visible step of form `k` before or after the current one. */
  neighbour(k, direction) {
    const { visibleSteps } = this.drawn[k];
    return direction < 0
      ? (visibleSteps.findLast((t) => t < this.at) ?? visibleSteps[0])
      : (visibleSteps.find((t) => t > this.at) ?? visibleSteps.at(-1));
  }

  /** The step of form `k` at a point, in shares of its width and height; -1 for none. */
  stepAt(k, x, y) {
    const { visibleSteps, column } = this.drawn[k];
    const isThere = (t) => {
      const { left, right, top, bottom } = column(t);
      return left <= x && x < right && top <= y && y < bottom;
    };
    return visibleSteps.find(isThere) ?? -1;
  }
}
