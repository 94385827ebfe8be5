// A field that filters a gallery to the figures with all typed words.

for (const filter of document.querySelectorAll(".lf-filter")) {
  const field = filter.querySelector("input");
  const status = filter.querySelector("[role=status]");
  const gallery = filter.closest(".lf-gallery");
  const cards = [...gallery.querySelectorAll("li")].map((card) => {
    const title = card.querySelector("img").alt;
    return { card, text: `${title} ${card.textContent}`.toLowerCase() };
  });
  /** Show the cards that have all typed words. */
  const narrow = () => {
    const words = field.value.toLowerCase().split(/\s+/);
    let count = 0;
    for (const { card, text } of cards) {
      card.hidden = !words.every((word) => text.includes(word));
      count += !card.hidden;
    }
    for (const list of gallery.querySelectorAll("ul")) {
      const none = !list.querySelector("li:not([hidden])");
      list.hidden = none;
      // A heading is directly above its list.
      const heading = list.previousElementSibling;
      if (heading?.matches("h2, h3")) heading.hidden = none;
    }
    status.textContent = `${count} of ${cards.length} figures`;
  };
  filter.hidden = false;
  field.addEventListener("input", narrow);
  // A browser may restore what the reader typed before.
  narrow();
}
