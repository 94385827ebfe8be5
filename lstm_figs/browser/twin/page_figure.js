// A figure of the page, and all that speaks of it.

import { proof } from "./subject.js";

export class Shown {
  /**
   * `spoken` says of what the caption speaks where the figure is of something else;
   * `whole` is called when forms that are not seen are there as well.
   */
  constructor(figure, spoken, whole = () => {}) {
    this.whole = whole;
    /** The least height that the figure has, in pixels. */
    this.floor = () => 0;
    // The controls in use below the figure, which stay where they are as it grows.
    for (const name of ["click", "input", "keydown"]) {
      const use = ({ target }) => {
        this.used = target.closest(".lf-group, .lf-bar > *");
      };
      figure.addEventListener(name, use, true);
    }
    this.forms = figure.querySelector(".lf-forms");
    this.places = [...this.forms.children];
    const [proven, share] = figure.querySelectorAll(".lf-tools > details");
    this.summary = proven.querySelector("summary");
    this.proof = proven.querySelector("pre");
    this.command = share.querySelector("pre");
    this.link = share.querySelector("a");
    this.spoken = document.createElement("p");
    this.spoken.className = "lf-speaks";
    this.spoken.textContent = spoken;
    this.spoken.hidden = true;
    figure.querySelector("figcaption, :not(.lf-above)>.lf-bar").before(this.spoken);
    // What Python has drawn, to which one comes back.
    this.drawn = {
      svgs: this.places.map((one) => one.querySelector("svg")),
      summary: this.summary.textContent,
      proof: this.proof.textContent,
      command: this.command.textContent,
    };
    // What is put, and which forms and whether the proof are not there yet.
    this.next = () => null;
    this.late = [];
    this.proven = null;
    this.summary.parentElement.addEventListener("toggle", () => this.catchUp());
    for (const name of ["resize", "beforeprint"]) {
      addEventListener(name, () => this.catchUp());
    }
  }

  /** Show other forms of the figure, or none to come back. */
  show(forms, address) {
    const { drawn } = this;
    this.next = (k) => (forms ? forms[k].svg : drawn.svgs[k]);
    const every = this.places.map((_, k) => k);
    // What Python has drawn is there at once.
    this.late = forms ? every.filter((k) => !this.places[k].checkVisibility()) : [];
    // The page below does not jump while one types.
    this.hold();
    this.steady(() => {
      this.put(every.filter((k) => !this.late.includes(k)));
      this.spoken.hidden = !forms;
    });
    document.dispatchEvent(new Event("lf-drawn"));
    const count = forms?.[0].numbers.length;
    this.summary.textContent = forms
      ? `Proof of ${count} number${count === 1 ? "" : "s"}`
      : drawn.summary;
    this.proven = () => (forms ? proof(forms[0]) : drawn.proof);
    if (this.summary.parentElement.open) this.prove();
    this.command.textContent = forms ? forms[0].command : drawn.command;
    this.link.href = address;
  }

  /** Keep the height that the figure has, until `settle`. */
  hold() {
    const { height } = this.forms.getBoundingClientRect();
    this.forms.style.minHeight = `${Math.max(height, this.floor())}px`;
  }

  settle() {
    this.catchUp();
    this.steady(() => {
      const floor = this.floor();
      this.forms.style.minHeight = floor ? `${floor}px` : "";
    });
  }

  /** Change a height, and scroll as far as that moves the controls in use. */
  steady(change) {
    // What is above does not move, and a key there need not wait for the layout.
    const { used } = this;
    if (!used) return change();
    const top = () => used.getBoundingClientRect().top;
    const before = top();
    change();
    scrollBy({ top: top() - before, behavior: "instant" });
  }

  /** Put what is not seen: a key need not wait for it. */
  catchUp() {
    this.prove();
    if (!this.late.length) return;
    this.put(this.late.splice(0));
    this.whole();
  }

  prove() {
    if (this.proven) this.proof.textContent = this.proven();
    this.proven = null;
  }

  /** Put some forms of the figure into the places of those before. */
  put(which) {
    for (const k of which) {
      const one = this.places[k];
      const old = one.querySelector("svg");
      const focused = document.activeElement === old;
      const next = this.next(k);
      if (next instanceof Element) old.replaceWith(next);
      else old.outerHTML = next;
      const fresh = one.querySelector("svg");
      for (const name of ["tabindex", "aria-description"]) {
        const value = this.drawn.svgs[k].getAttribute(name);
        if (value !== null) fresh.setAttribute(name, value);
      }
      // A finger on a control leaves the focus in the figure.
      if (focused) fresh.focus({ preventScroll: true });
    }
  }
}

/** Copy a text, and say what it does, or that a page may not. */
export async function copied(code, done, told) {
  try {
    await navigator.clipboard.writeText(code);
    done.textContent = told;
  } catch {
    done.textContent = "The browser does not let this page copy";
  }
}
