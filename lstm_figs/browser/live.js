// Figures that read what one types: what that takes is loaded on first touch.

for (const figure of document.querySelectorAll("figure:has([data-script])")) {
  const bars = [...figure.querySelectorAll(".lf-live")];
  const status = figure.querySelector(".lf-live [role=status]");
  let script = null;
  let clicked = null;

  // A page that is a file may not load a module, but it may load a script.
  const load = () => {
    if (script) return;
    script = document.createElement("script");
    script.src = bars[0].dataset.script;
    script.addEventListener("load", () => {
      for (const bar of bars) bar.removeEventListener("click", remember);
      clicked?.click();
    });
    script.addEventListener("error", () => {
      script.remove();
      script = null;
      status.textContent = "What this takes could not be loaded; try again";
    });
    document.head.append(script);
  };
  const remember = ({ target }) => {
    clicked = target.closest("button");
    load();
  };
  for (const bar of bars) {
    bar.hidden = false;
    bar.addEventListener("click", remember);
  }
  for (const one of [...bars, figure.querySelector(".lf-forms")]) {
    for (const name of ["pointerover", "focusin", "input"]) {
      one.addEventListener(name, load);
    }
  }
  for (const svg of figure.querySelectorAll("svg.lf-figure")) {
    const told = svg.getAttribute("aria-description") ?? "";
    svg.setAttribute(
      "aria-description",
      `${told} ${bars[0].dataset.keys}`.trim(),
    );
    svg.tabIndex = 0;
  }
  if (location.search && location.hash === `#${figure.id}`) load();
}
