// A figure of the page, and all that speaks of it.

import { proof } from "./subject.js";

export class Shown {
  /** `spoken` says of what the caption speaks where the figure is of something else. */
  constructor(figure, spoken) {
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
    figure.querySelector("figcaption").before(this.spoken);
    // What Python has drawn, to which one comes back.
    this.drawn = {
      svgs: this.places.map((one) => one.querySelector("svg")),
      summary: this.summary.textContent,
      proof: this.proof.textContent,
      command: this.command.textContent,
    };
  }

  /** Show other forms of the figure, or none to come back. */
  show(forms, address) {
    const { drawn } = this;
    // The page below does not jump while one types.
    this.hold();
    this.put(forms?.map((one) => one.svg) ?? drawn.svgs);
    const count = forms?.[0].numbers.length;
    this.summary.textContent = forms
      ? `Proof of ${count} number${count === 1 ? "" : "s"}`
      : drawn.summary;
    this.proof.textContent = forms ? proof(forms[0]) : drawn.proof;
    this.command.textContent = forms ? forms[0].command : drawn.command;
    this.link.href = address;
    this.spoken.hidden = !forms;
  }

  /** Keep the height that the figure has, until `settle`. */
  hold() {
    this.forms.style.minHeight = `${this.forms.getBoundingClientRect().height}px`;
  }

  settle() {
    this.forms.style.minHeight = "";
  }

  /** Put the forms of the figure into the places of those before. */
  put(next) {
    this.places.forEach((one, k) => {
      const old = one.querySelector("svg");
      const focused = document.activeElement === old;
      if (next[k] instanceof Element) old.replaceWith(next[k]);
      else old.outerHTML = next[k];
      const fresh = one.querySelector("svg");
      for (const name of ["tabindex", "aria-description"]) {
        const value = this.drawn.svgs[k].getAttribute(name);
        if (value !== null) fresh.setAttribute(name, value);
      }
      if (focused) fresh.focus();
    });
    document.dispatchEvent(new Event("lf-drawn"));
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
