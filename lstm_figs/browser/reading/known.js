// What Python has written into the page, so that it stands in one place: the
// network, the widths of letters, the colours, and what proofs begin with.

export const known = JSON.parse(document.querySelector(".lf-known").textContent);
