// Copy links, and download figures of the page.

/** The pixels of a saved PNG for each pixel of the figure: sharp on any screen. */
const SCALE = 2;

/** The SVG as a separate document, in its current colours. */
function standalone(figure) {
  const copy = figure.cloneNode(true);
  const elements = [figure, ...figure.querySelectorAll("*")];
  [copy, ...copy.querySelectorAll("*")].forEach((element, index) => {
    const style = getComputedStyle(elements[index]);
    for (const name of ["fill", "stroke"]) {
      if (element.hasAttribute(name)) element.setAttribute(name, style[name]);
    }
  });
  copy.querySelector("style")?.remove();
  return new XMLSerializer().serializeToString(copy);
}

/** The SVG, a text, as a PNG; its size is in the units of the SVG. */
async function picture(svg, width, height) {
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = width * SCALE;
  // A height may have decimals.
  canvas.height = Math.round(height * SCALE);
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

/** Download an SVG element of the page; `format` is png or svg. */
async function save(format, figure) {
  const svg = standalone(figure);
  const { width, height } = figure.viewBox.baseVal;
  const blob =
    format === "png"
      ? await picture(svg, width, height)
      : new Blob([svg], { type: "image/svg+xml" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `${figure.id}.${format}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

for (const button of document.querySelectorAll("button[data-save]")) {
  const { save: format, figure } = button.dataset;
  button.hidden = false;
  button.addEventListener("click", () =>
    save(format, document.getElementById(figure)),
  );
}

/** Copy an address, say so in `status`, and put it into the address bar; do not scroll. */
async function copy(address, status) {
  history.replaceState(null, "", address);
  status.textContent = "";
  try {
    await navigator.clipboard.writeText(address);
    status.textContent = "Link copied";
  } catch {
    status.textContent = "The link is in the address bar";
  }
}

for (const share of document.querySelectorAll(".lf-share")) {
  const status = share.querySelector("[role=status]");
  share.querySelector("a").addEventListener("click", (event) => {
    // With a modifier key, the link opens in a new tab as usual.
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    copy(event.currentTarget.href, status);
  });
}
