// A figure of the page, with its proof, command, link and caption note.

import { proof } from "./subject.js";
import { escape } from "./svg.js";

/** The milliseconds after the last key until the result is announced. */
const PAUSE = 400;
/** An option of a command line, with its values. */
const OPTION = /(?<= )--\w.*?(?= --\w|$)/g;

/**
 * A figure of the page, which a live figure redraws.
 *
 * - `address`: gives the address of the figure as it is now
 * - `floor`: gives the least height of the figure, in pixels
 * - `used`: the control that the reader used last
 * - `forms, places`: the element of both forms, and the element of each
 * - `status`: the element that announces results
 * - `buttonStatus`: the one that says what a button has copied or saved
 * - `waiting`: the timer until the next announcement
 * - `summary, proof, command, link, captionNote`: elements whose text changes with the
 *   figure
 * - `original`: what Python has drawn and written, for going back
 * - `next`: gives the drawing of a form
 * - `late`: the forms that are not updated yet, because they are hidden
 * - `proven`: gives the proof, if it is not updated yet
 */
export class PageFigure {
  /**
   * `captionNote` tells the reader that the caption describes the original figure;
   * `address` gives the address of the figure as it is now; `onComplete` is called when
   * the hidden forms are updated, too.
   */
  constructor(figure, captionNote, address, onComplete = () => {}) {
    this.address = address;
    this.onComplete = onComplete;
    this.floor = () => 0;
    // The control in use stays in place when the figure above it grows.
    for (const name of ["click", "input", "keydown"]) {
      const use = ({ target }) => {
        this.used = target.closest(".lf-group, .lf-bar > *");
      };
      figure.addEventListener(name, use, true);
    }
    this.forms = figure.querySelector(".lf-forms");
    this.places = [...this.forms.children];
    [this.status, this.buttonStatus] = figure.querySelectorAll(".lf-live [role=status]");
    const [proven, share] = figure.querySelectorAll(".lf-tools > details");
    this.summary = proven.querySelector("summary");
    this.proof = proven.querySelector("pre");
    const listing = share.querySelector("pre");
    this.command = listing.querySelector("code") ?? listing;
    this.link = share.querySelector("a");
    this.captionNote = document.createElement("p");
    this.captionNote.className = "lf-speaks";
    this.captionNote.textContent = captionNote;
    this.captionNote.hidden = true;
    (figure.querySelector("figcaption") ?? figure.lastChild).before(this.captionNote);
    this.original = {
      svgs: this.places.map((place) => place.querySelector("svg")),
      summary: this.summary.textContent,
      proof: this.proof.textContent,
      command: this.command.innerHTML,
    };
    this.next = () => null;
    this.late = [];
    this.proven = null;
    this.summary.parentElement.addEventListener("toggle", () => this.catchUp());
    // Another width or paper shows the hidden form.
    for (const name of ["resize", "beforeprint"]) {
      addEventListener(name, () => this.catchUp());
    }
  }

  /** Show other forms of the figure, or with null the original ones. */
  show(forms) {
    const { original } = this;
    this.next = (k) => (forms ? forms[k].svg : original.svgs[k]);
    const indices = this.places.map((_, k) => k);
    // The original drawings exist already, so none of them is late.
    this.late = forms ? indices.filter((k) => !this.places[k].checkVisibility()) : [];
    // The page below must not jump while the reader types.
    this.hold();
    this.steady(() => {
      this.put(indices.filter((k) => !this.late.includes(k)));
      this.captionNote.hidden = !forms;
    });
    document.dispatchEvent(new Event("lf-drawn"));
    const count = forms?.[0].numbers.length;
    this.summary.textContent = forms
      ? `Proof of ${count} number${count === 1 ? "" : "s"}`
      : original.summary;
    this.proven = () => (forms ? proof(forms[0]) : original.proof);
    if (this.summary.parentElement.open) this.prove();
    // A line wraps between options, as in `html/commands.py`.
    this.command.innerHTML = forms
      ? escape(forms[0].command).replace(OPTION, '<span class="lf-option">$&</span>')
      : original.command;
    this.link.href = this.address();
  }

  /** Announce a sentence and update the address, after the reader has stopped typing. */
  announce(sentence) {
    clearTimeout(this.waiting);
    this.status.textContent = "";
    this.waiting = setTimeout(() => {
      this.settle();
      this.status.textContent = sentence();
      history.replaceState(null, "", this.address());
    }, PAUSE);
  }

  /** Keep the current height of the figure until `settle`. */
  hold() {
    const { height } = this.forms.getBoundingClientRect();
    this.forms.style.minHeight = `${Math.max(height, this.floor())}px`;
  }

  /** Update what is hidden, and let the figure have its own height. */
  settle() {
    this.catchUp();
    this.steady(() => {
      const floor = this.floor();
      this.forms.style.minHeight = floor ? `${floor}px` : "";
    });
  }

  /** Run a change of height, and scroll so that the control in use does not move. */
  steady(change) {
    // Without such a control there is nothing to measure, which would cost a layout.
    const { used } = this;
    if (!used) return change();
    const top = () => used.getBoundingClientRect().top;
    const before = top();
    change();
    scrollBy({ top: top() - before, behavior: "instant" });
  }

  /** Update the proof and the hidden forms, which a key need not wait for. */
  catchUp() {
    this.prove();
    if (!this.late.length) return;
    this.put(this.late.splice(0));
    this.onComplete();
  }

  /** Update the proof. */
  prove() {
    if (this.proven) this.proof.textContent = this.proven();
    this.proven = null;
  }

  /** Replace the drawings of some forms. */
  put(which) {
    for (const k of which) {
      const place = this.places[k];
      const old = place.querySelector("svg");
      const focused = document.activeElement === old;
      const next = this.next(k);
      // The original drawings are elements, others are texts.
      if (next instanceof Element) old.replaceWith(next);
      else old.outerHTML = next;
      const fresh = place.querySelector("svg");
      for (const name of ["tabindex", "aria-description"]) {
        const value = this.original.svgs[k].getAttribute(name);
        if (value !== null) fresh.setAttribute(name, value);
      }
      // After a tap on a control, the figure may still have the focus.
      if (focused) fresh.focus({ preventScroll: true });
    }
  }
}

/**
 * Copy a text.
 *
 * - `code`: the text
 * - `status`: the element that says what has happened
 * - `message`: what it says, unless the browser refuses
 */
export async function copied(code, status, message) {
  try {
    await navigator.clipboard.writeText(code);
    status.textContent = message;
  } catch {
    status.textContent = "The browser does not let this page copy";
  }
}
