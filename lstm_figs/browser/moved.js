// Leads an old address to its new place, with the query.

/** The link of a page that has moved as a whole. */
const wholePage = document.querySelector(".lf-moved-page a");
/** Go to the new place of what the address names. */
const follow = () => {
  const { hash, search } = location;
  const old = document.getElementById(decodeURIComponent(hash.slice(1)));
  const link = old?.matches(".lf-moved") ? old.querySelector("a") : wholePage;
  if (!link) return;
  const address = new URL(link.href);
  address.search ||= search;
  // An anchor that is not listed may be on the new page too.
  if (link === wholePage) address.hash ||= hash;
  location.replace(address);
};
addEventListener("hashchange", follow);
follow();
