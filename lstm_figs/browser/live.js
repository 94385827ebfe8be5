// Live figures: their script loads when a reader first touches them.

/** The keys that go from step to step in a figure. */
const KEYS = /^(ArrowLeft|ArrowRight|Home|End)$/;

for (const figure of document.querySelectorAll("figure:has([data-script])")) {
  const bars = [...figure.querySelectorAll(".lf-live")];
  const { dataset } = figure.querySelector("[data-script]");
  const status = figure.querySelector(".lf-live [role=status]");
  const forms = figure.querySelector(".lf-forms");
  // The `script` element, once it loads.
  let script = null;
  // The last button that was clicked before, and the events in the drawing.
  let clicked = null;
  let missed = [];

  // A page opened as a file may not load modules, but it may load scripts.
  const load = () => {
    if (script) return;
    script = document.createElement("script");
    script.src = dataset.script;
    script.addEventListener("load", () => {
      for (const bar of bars) bar.removeEventListener("click", remember);
      clicked?.click();
      for (const name of ["keydown", "click"]) forms.removeEventListener(name, miss);
      for (const event of missed) {
        // If the figure was redrawn, the focus is in its new drawing.
        const { isConnected } = event.target;
        const target = isConnected ? event.target : document.activeElement;
        target.dispatchEvent(new event.constructor(event.type, event));
      }
    });
    script.addEventListener("error", () => {
      script.remove();
      script = null;
      missed = [];
      status.textContent = "The scripts could not be loaded; try again";
    });
    document.head.append(script);
  };
  const remember = ({ target }) => {
    clicked = target.closest("button");
    load();
  };
  // Keep events in the figure, and repeat them once the script is loaded.
  const miss = (event) => {
    const isKey = event.type === "keydown";
    const { target, key, ctrlKey, metaKey, altKey } = event;
    if (isKey && (!KEYS.test(key) || ctrlKey || metaKey || altKey)) return;
    if (isKey && !target.matches("svg.lf-figure[role=img]")) return;
    if (isKey) event.preventDefault();
    missed.push(event);
    load();
  };
  for (const name of ["keydown", "click"]) forms.addEventListener(name, miss);
  for (const bar of bars) {
    bar.hidden = false;
    bar.addEventListener("click", remember);
    // The first tap selects the whole text, a later one places the cursor.
    bar.addEventListener("pointerdown", ({ target, pointerType }) => {
      if (pointerType !== "touch" || target === document.activeElement) return;
      target.addEventListener("click", () => target.select?.(), { once: true });
    });
  }
  for (const element of [...bars, forms]) {
    for (const name of ["pointerover", "focusin", "input"]) {
      element.addEventListener(name, load);
    }
  }
  for (const svg of forms.querySelectorAll("svg.lf-figure")) {
    const description = svg.getAttribute("aria-description") ?? "";
    svg.setAttribute("aria-description", `${description} ${dataset.keys}`.trim());
    svg.tabIndex = 0;
  }
  if (location.search && location.hash === `#${figure.id}`) load();
}
