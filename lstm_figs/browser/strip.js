// The text as a strip with the current step marked; for the keyboard it is a slider.

/** By how many steps each key moves. */
const DIRECTIONS = { ArrowLeft: -1, ArrowRight: 1, ArrowDown: -1, ArrowUp: 1 };

/** The strip; its `strip` is its element, `first` its first step. */
export class Strip {
  /** `go` is called with the chosen step, counted from `first`. */
  constructor(strip, go) {
    this.strip = strip;
    this.first = Number(strip.getAttribute("aria-valuemin"));
    strip.addEventListener("click", ({ target }) => {
      const at = [...strip.children].indexOf(target);
      if (at >= 0) go(this.first + at);
    });
    strip.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const direction = DIRECTIONS[event.key];
      const ends = {
        Home: this.first,
        End: Number(strip.getAttribute("aria-valuemax")),
      };
      const to = direction
        ? Number(strip.getAttribute("aria-valuenow")) + direction
        : ends[event.key];
      if (to === undefined) return;
      event.preventDefault();
      go(to);
    });
  }

  /** Mark a step, and replace the tokens if others are given. */
  mark(step, tokens = [...this.strip.children].map((child) => child.textContent)) {
    const { strip, first } = this;
    const each = tokens.map((token, k) => {
      const element = document.createElement(first + k === step ? "b" : "i");
      element.textContent = token;
      return element;
    });
    strip.replaceChildren(...each);
    strip.setAttribute("aria-valuemax", first + tokens.length - 1);
    strip.setAttribute("aria-valuenow", step);
    strip.setAttribute("aria-valuetext", `step ${step}, ${tokens[step - first]}`);
    const marked = strip.querySelector("b");
    strip.scrollLeft = marked.offsetLeft - (strip.clientWidth - marked.offsetWidth) / 2;
  }
}
