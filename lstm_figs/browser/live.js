// Figures that a reader sets: what that takes is loaded on first touch.

const KEYS = /^(ArrowLeft|ArrowRight|Home|End)$/;

for (const figure of document.querySelectorAll("figure:has([data-script])")) {
  const bars = [...figure.querySelectorAll(".lf-live")];
  const { dataset } = figure.querySelector("[data-script]");
  const status = figure.querySelector(".lf-live [role=status]");
  const forms = figure.querySelector(".lf-forms");
  let script = null;
  let clicked = null;
  let missed = [];

  // A page that is a file may not load a module, but it may load a script.
  const load = () => {
    if (script) return;
    script = document.createElement("script");
    script.src = dataset.script;
    script.addEventListener("load", () => {
      for (const bar of bars) bar.removeEventListener("click", remember);
      clicked?.click();
      for (const name of ["keydown", "click"]) forms.removeEventListener(name, miss);
      for (const one of missed) {
        // A figure that was drawn anew has the focus that the one before had.
        const { isConnected } = one.target;
        const target = isConnected ? one.target : document.activeElement;
        target.dispatchEvent(new one.constructor(one.type, one));
      }
    });
    script.addEventListener("error", () => {
      script.remove();
      script = null;
      missed = [];
      status.textContent = "What this takes could not be loaded; try again";
    });
    document.head.append(script);
  };
  const remember = ({ target }) => {
    clicked = target.closest("button");
    load();
  };
  // What is done in the figure before that is done then.
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
    // The first touch of a text takes all of it, a later one places the cursor.
    bar.addEventListener("pointerdown", ({ target, pointerType }) => {
      if (pointerType !== "touch" || target === document.activeElement) return;
      target.addEventListener("click", () => target.select?.(), { once: true });
    });
  }
  for (const one of [...bars, forms]) {
    for (const name of ["pointerover", "focusin", "input"]) {
      one.addEventListener(name, load);
    }
  }
  for (const svg of forms.querySelectorAll("svg.lf-figure")) {
    const told = svg.getAttribute("aria-description") ?? "";
    svg.setAttribute(
      "aria-description",
      `${told} ${dataset.keys}`.trim(),
    );
    svg.tabIndex = 0;
  }
  if (location.search && location.hash === `#${figure.id}`) load();
}
