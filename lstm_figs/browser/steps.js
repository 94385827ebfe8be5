// A figure at other steps: complete drawings, fetched on first use.

import { Strip } from "./strip.js";

/** One version of a text: each line has its versions, null where it is left out. */
const lines = (text, index) =>
  text
    .map((line) => line[index])
    .filter((line) => line !== null)
    .join("\n");

for (const bar of document.querySelectorAll(".lf-steps")) {
  const figure = bar.closest("figure");
  const [before, after, back] = bar.querySelectorAll("button");
  const strip = new Strip(bar.querySelector(".lf-strip"), (step) => go(step));
  const status = bar.querySelector("output");
  const { address } = bar.dataset;
  const [first, last, own] = ["first", "last", "shown"].map((name) =>
    Number(bar.dataset[name]),
  );
  let at = own;
  // The step that was asked for last, which may still be loading.
  let target = own;
  // The promise of the texts of all steps.
  let loading;

  const load = async () => {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(answer.statusText);
    // A page that is one file has the drawings inside, compressed.
    if (!address.startsWith("data:")) return answer.json();
    const unpacked = answer.body.pipeThrough(new DecompressionStream("gzip"));
    return new Response(unpacked).json();
  };

  /** Replace the drawing of each form. */
  const draw = ({ forms, proof, command, numbers }, index) => {
    figure.querySelectorAll(".lf-forms > div").forEach((place, k) => {
      const old = place.querySelector("svg");
      const focused = document.activeElement === old;
      place.innerHTML = lines(forms[k], index);
      const fresh = place.querySelector("svg");
      for (const name of ["tabindex", "aria-description"]) {
        if (old.hasAttribute(name)) {
          fresh.setAttribute(name, old.getAttribute(name));
        }
      }
      if (focused) fresh.focus({ preventScroll: true });
    });
    const [proven, share] = figure.querySelectorAll(".lf-tools > details");
    const count = numbers[index];
    proven.querySelector("summary").textContent =
      `Proof of ${count} number${count === 1 ? "" : "s"}`;
    proven.querySelector("pre").textContent = lines(proof, index);
    share.querySelector("pre").innerHTML = lines(command, index);
    document.dispatchEvent(new Event("lf-drawn"));
  };

  /** Draw a step, and put it into the address. */
  const go = async (step) => {
    target = Math.max(first, Math.min(last, step));
    if (target === at) return;
    try {
      loading ??= load();
      const texts = await loading;
      // The reader may have gone back in the meantime.
      if (target === at) return;
      draw(texts, target - first);
    } catch {
      loading = undefined;
      target = at;
      status.textContent = "The other steps could not be loaded; try again";
      return;
    }
    at = target;
    status.textContent = `step ${at}`;
    strip.mark(at);
    before.setAttribute("aria-disabled", at === first);
    after.setAttribute("aria-disabled", at === last);
    back.hidden = at === own;
    const url = new URL(location.href);
    url.hash = figure.id;
    if (at === own) url.searchParams.delete("step");
    else url.searchParams.set("step", at);
    history.replaceState(null, "", url);
  };

  before.addEventListener("click", () => go(target - 1));
  after.addEventListener("click", () => go(target + 1));
  back.addEventListener("click", () => {
    after.focus();
    go(own);
  });
  figure.addEventListener("keydown", (event) => {
    if (!event.target.matches("svg.lf-figure[role=img]")) return;
    const to = {
      ArrowLeft: target - 1,
      ArrowRight: target + 1,
      Home: first,
      End: last,
    }[event.key];
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    event.preventDefault();
    go(to);
  });
  for (const svg of figure.querySelectorAll("svg.lf-figure")) {
    const description = svg.getAttribute("aria-description") ?? "";
    svg.setAttribute(
      "aria-description",
      `${description} Arrow keys go through the steps.`.trim(),
    );
    svg.tabIndex = 0;
  }
  before.setAttribute("aria-disabled", at === first);
  after.setAttribute("aria-disabled", at === last);
  bar.hidden = false;
  strip.mark(at);
  const asked = new URLSearchParams(location.search).get("step") ?? "";
  if (location.hash === `#${figure.id}` && /^\d{1,4}$/.test(asked)) {
    go(Number(asked));
  }
}
