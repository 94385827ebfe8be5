// The slider over the moments of the training, and its play button.

import { LAST, moments } from "../twin/moments.js";

/** The milliseconds from one moment to the next, moving and with reduced motion. */
const [MOVE, STAY] = [150, 1500];
/** The moments that play with reduced motion: those of the figure `learning`. */
const STOPS = [0, 100, 450, 500, 600, 700, LAST];

/** A number with commas between thousands. */
const counted = (count) => count.toLocaleString("en");
/** Whether the reader prefers reduced motion. */
const isStill = () => matchMedia("(prefers-reduced-motion:reduce)").matches;

/**
 * The slider, with its play button.
 *
 * - `bar, range, label, button, line`: its elements; the last marks the moment on the
 *   scale
 * - `go`: is called with a number of batches
 * - `timer`: of the play button; 0 if it does not play
 * - `tallest`: text -> the largest height of either form so far
 * - `used`: whether it has been moved
 */
export class Slider {
  /** `go` is called with a number of batches. */
  constructor(figure, go) {
    this.bar = figure.querySelector(".lf-training");
    [this.range, this.label, this.button, this.line] = [
      "[type=range]",
      ".lf-when",
      "[data-do=play]",
      "i",
    ].map((selector) => this.bar.querySelector(selector));
    this.go = go;
    this.timer = 0;
    this.tallest = { "": JSON.parse(this.bar.dataset.tallest) };
    this.range.addEventListener("input", () => this.take());
    this.button.addEventListener("click", () => {
      if (this.timer) this.pause();
      else this.play();
    });
  }

  /** Whether the reader has moved it. */
  get moved() {
    return this.range.value !== this.range.defaultValue;
  }

  /** Go to the moment that the reader chose. */
  take() {
    this.pause();
    this.move(Number(this.range.value));
  }

  /** Go to a moment; from now on the slider stays in view and heights do not jump. */
  move(k) {
    this.used = true;
    this.bar.classList.add("lf-held");
    this.go(moments()[k].batches);
  }

  /** Go from moment to moment, from the first if the last is shown. */
  play() {
    const isStop = ({ batches }) => !isStill() || STOPS.includes(batches);
    const next = () =>
      moments().findIndex((moment, k) => k > Number(this.range.value) && isStop(moment));
    if (next() < 0) this.move(0);
    const step = () => (next() < 0 ? this.pause() : this.move(next()));
    this.timer = setInterval(step, isStill() ? STAY : MOVE);
    this.button.textContent = "Pause";
  }

  /** Stop playing. */
  pause() {
    clearInterval(this.timer);
    this.timer = 0;
    this.button.textContent = "Play";
  }

  /**
   * The least height of the figure in pixels, so that the page does not jump: the
   * tallest moment of the own text, or the tallest so far of another text.
   *
   * - `places, figures`: the element and the drawing of each form
   * - `text`: the text of the reader; empty for the own one
   */
  floor(places, figures, text) {
    const k = places.findIndex((place) => place.checkVisibility());
    if (!this.used || k < 0) return 0;
    const tallest = (this.tallest[text] ??= [0, 0]);
    tallest[k] = Math.max(tallest[k], figures[k].height);
    const { width } = places[k].querySelector("svg").getBoundingClientRect();
    return (tallest[k] * width) / figures[k].width;
  }

  /** Show the moment of a run. */
  show({ moment, edited }) {
    const { batches, right } = moment;
    const each = moments();
    const k = each.indexOf(moment);
    this.range.value = k;
    this.label.textContent =
      `batch ${counted(batches)} of ${counted(LAST)} · ${counted(right)} of 1,000 ` +
      `fresh strings right${edited ? " without your change" : ""}`;
    this.range.setAttribute("aria-valuetext", this.label.textContent);
    this.line.style.left = `${(100 * k) / (each.length - 1)}%`;
  }
}
