// What is read as a strip, one step of which is marked: a slider for the keyboard.

const WAYS = { ArrowLeft: -1, ArrowRight: 1, ArrowDown: -1, ArrowUp: 1 };

export class Strip {
  /** `go` is called with the step that is asked for, counted from `first`. */
  constructor(strip, go) {
    this.strip = strip;
    this.first = Number(strip.getAttribute("aria-valuemin"));
    strip.addEventListener("click", ({ target }) => {
      const at = [...strip.children].indexOf(target);
      if (at >= 0) go(this.first + at);
    });
    strip.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const way = WAYS[event.key];
      const ends = { Home: this.first, End: Number(strip.getAttribute("aria-valuemax")) };
      const to = way ? Number(strip.getAttribute("aria-valuenow")) + way : ends[event.key];
      if (to === undefined) return;
      event.preventDefault();
      go(to);
    });
  }

  /** Mark a step, of other tokens if there are some. */
  mark(step, tokens = [...this.strip.children].map((one) => one.textContent)) {
    const { strip, first } = this;
    const each = tokens.map((token, k) => {
      const one = document.createElement(first + k === step ? "b" : "i");
      one.textContent = token;
      return one;
    });
    strip.replaceChildren(...each);
    strip.setAttribute("aria-valuemax", first + tokens.length - 1);
    strip.setAttribute("aria-valuenow", step);
    strip.setAttribute("aria-valuetext", `step ${step}, ${tokens[step - first]}`);
    const marked = strip.querySelector("b");
    strip.scrollLeft = marked.offsetLeft - (strip.clientWidth - marked.offsetWidth) / 2;
  }
}
