// A slider over the moments of a training, and what plays them.

import { LAST, moments } from "../twin/moments.js";

const [MOVE, STAY] = [150, 1500];
/** Where it stops for whoever wants little motion: those that `learning` shows. */
const STOPS = [0, 100, 450, 500, 600, 700, LAST];

const counted = (count) => count.toLocaleString("en");
const isStill = () => matchMedia("(prefers-reduced-motion:reduce)").matches;

export class Slider {
  /** `go` is called with how many batches are done. */
  constructor(figure, go) {
    this.bar = figure.querySelector(".lf-training");
    [this.range, this.said, this.button, this.line] = [
      "[type=range]",
      ".lf-when",
      "[data-do=play]",
      "i",
    ].map((one) => this.bar.querySelector(one));
    this.go = go;
    this.timer = 0;
    this.tallest = { "": JSON.parse(this.bar.dataset.tallest) };
    this.range.addEventListener("input", () => this.take());
    this.button.addEventListener("click", () => {
      if (this.timer) this.pause();
      else this.play();
    });
  }

  /** Whether it is elsewhere than where it was in the page. */
  get moved() {
    return this.range.value !== this.range.defaultValue;
  }

  take() {
    this.pause();
    this.move(Number(this.range.value));
  }

  /** Whoever uses it sees it on a phone, too, and no height jumps. */
  move(k) {
    this.used = true;
    this.bar.classList.add("lf-held");
    this.go(moments()[k].batches);
  }

  play() {
    const is = ({ batches }) => !isStill() || STOPS.includes(batches);
    const next = () =>
      moments().findIndex((one, k) => k > Number(this.range.value) && is(one));
    if (next() < 0) this.move(0);
    const step = () => (next() < 0 ? this.pause() : this.move(next()));
    this.timer = setInterval(step, isStill() ? STAY : MOVE);
    this.button.textContent = "Pause";
  }

  pause() {
    clearInterval(this.timer);
    this.timer = 0;
    this.button.textContent = "Play";
  }

  /**
   * The least height of the figure in pixels, with which none of it jumps: that of
   * the tallest moment of its own text, or of those of another `text` so far.
   */
  floor(places, figures, text) {
    const k = places.findIndex((one) => one.checkVisibility());
    if (!this.used || k < 0) return 0;
    const tallest = (this.tallest[text] ??= [0, 0]);
    tallest[k] = Math.max(tallest[k], figures[k].height);
    const { width } = places[k].querySelector("svg").getBoundingClientRect();
    return (tallest[k] * width) / figures[k].width;
  }

  /** Say which moment is shown. */
  show({ moment, edited }) {
    const { batches, right } = moment;
    const each = moments();
    const k = each.indexOf(moment);
    this.range.value = k;
    this.said.textContent =
      `batch ${counted(batches)} of ${counted(LAST)} · ${counted(right)} of 1,000 ` +
      `fresh strings right${edited ? " without your change" : ""}`;
    this.range.setAttribute("aria-valuetext", this.said.textContent);
    this.line.style.left = `${(100 * k) / (each.length - 1)}%`;
  }
}
