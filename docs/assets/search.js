// Ranks the sections of the site for a query (BM25F), in place of the theme's worker,
// whose messages it answers: 0 set up, 1 ready, 2 query, 3 result.

const LITTLE = new Set(`a about after all am an and any are as at be been before being but
  by can cannot could did do does doing done each every for from get gets give gives go had
  has have how however i if in into is it its just keep kept let like make makes many may me
  mean means more most much must my need no not of on only or other our out over own please
  same say shall should so some such take takes tell than that the their them then there
  these they thing things this those to too up use used using very want was way we were what
  when where which while who why will with without work works would you your`.split(/\s+/));
const COMMON = /^(lstms?|pytorch|torch|nn)$/;
const MARK = "\u2063"; // Before the words that only the search reads.
const FIELDS = { title: [3, 0.4], words: [4, 0.3], text: [1, 0.75] }; // Weight, length norm.
const SATURATION = 1.2;
const BEGINNING = 0.3; // What a longer word that begins with a word of the query counts.
const PAGE = 0.25; // What the other sections of its page add to a section.
const MOST = 30; // Results.
const TEASER = 240; // Characters of a result's text.
const BEFORE = 40; // Characters of it before the first marked word.
const ALSO = 0.8; // A second section of a page is shown, if it has this share of the first one's score.

/** A word without its ending: "gates", "gated" and "gating" are alike. */
function stem(word) {
  if (word.length < 4 || /[_.\d+#]/.test(word)) return word;
  const short = word
    .replace(/ies$/, "y")
    .replace(/(?<=s|x|z|ch|sh)es$/, "")
    .replace(/(?<![su])s$/, "")
    .replace(/i[sz](ation|e[ds]?|ing)$/, "ize")
    .replace(/(?<=..[aeiouy].*)(ments?|ness|ly)$/, "")
    .replace(/(?<=[aeiouy].*)ifi(?:cation|er|ed)$/, "ify")
    .replace(/(?<=[aeiouy].*t)i(?:on|ve|ng)$/, "")
    .replace(/(?<=[aeiouy].*)(?:ing|ed|er|e)$/, "")
    .replace(/([bdfgmnprt])\1$/, "$1");
  return short.length < 2 ? word : short;
}

/** The words of a text, and where they are. */
function* wordsOf(text) {
  for (const match of text.matchAll(/[\p{L}\p{N}_]+(?:\.\d+)*(?:\+\+)?/gu)) {
    yield [match[0].toLowerCase(), match.index, match[0].length];
  }
}

const stemsOf = (text) => [...wordsOf(text)].map(([word]) => stem(word));
/** HTML with spaces in place of tags and entities, so that words stay where they are. */
const plain = (html) => html.replace(/<[^>]*>|&\w+;/g, (tag) => " ".repeat(tag.length));

/** The sections with their words, and for each word the sections that have it. */
function makeIndex(docs) {
  const sections = docs.map((doc, id) => {
    const [text, ...words] = plain(doc.text).split(MARK);
    const fields = { title: plain(doc.title), words: words.join(" "), text };
    const [page] = doc.location.split("#");
    const section = { id, doc, page, boost: doc.boost ?? 1, counts: new Map(), lengths: {} };
    for (const [field, content] of Object.entries(fields)) {
      const stems = stemsOf(content);
      section.lengths[field] = stems.length;
      for (const word of stems) {
        if (!section.counts.has(word)) section.counts.set(word, {});
        const counts = section.counts.get(word);
        counts[field] = (counts[field] ?? 0) + 1;
      }
    }
    return section;
  });
  const having = new Map();
  for (const section of sections) {
    for (const word of section.counts.keys()) {
      if (!having.has(word)) having.set(word, []);
      having.get(word).push(section);
    }
  }
  const mean = {};
  for (const field in FIELDS) {
    const total = sections.reduce((sum, { lengths }) => sum + lengths[field], 0);
    mean[field] = total / sections.length || 1;
  }
  return { sections, having, mean };
}

/** The stems of a query that say what it is about. */
function topicOf(query) {
  const words = [...wordsOf(query)].map(([word]) => word);
  const telling = words.filter((word) => !LITTLE.has(word));
  const rare = telling.filter((word) => !COMMON.test(word));
  return [...new Set([rare, telling, words].find((list) => list.length)?.map(stem))];
}

/** How well a section that has a word fits it, from 0 to 1. */
function fit(section, word, mean) {
  let count = 0;
  for (const [field, times] of Object.entries(section.counts.get(word))) {
    const [weight, norm] = FIELDS[field];
    count += (weight * times) / (1 - norm + (norm * section.lengths[field]) / mean[field]);
  }
  return count / (SATURATION + count);
}

/** All sections that have a word of the query, with their scores. */
function scoresOf({ sections, having, mean }, terms) {
  const scores = new Map();
  for (const term of terms) {
    const fits = new Map();
    for (const [word, all] of having) {
      if (!word.startsWith(term) || (word !== term && term.length < 3)) continue;
      for (const section of all) {
        const part = (word === term ? 1 : BEGINNING) * fit(section, word, mean);
        fits.set(section, Math.max(fits.get(section) ?? 0, part));
      }
    }
    const rarity = Math.log(1 + (sections.length - fits.size + 0.5) / (fits.size + 0.5));
    for (const [section, part] of fits) {
      scores.set(section, (scores.get(section) ?? 0) + rarity * part);
    }
  }
  return scores;
}

/** Pages with the sections that were found, the best first. */
function rank(index, query) {
  const terms = topicOf(query);
  const found = new Map();
  for (const [section, score] of scoresOf(index, terms)) {
    if (!found.has(section.page)) found.set(section.page, []);
    found.get(section.page).push({ section, score: score * section.boost ** 0.3 });
  }
  const pages = [...found.values()].map((hits) => {
    hits.sort((a, b) => b.score - a.score);
    const others = hits.slice(1).reduce((sum, { score }, k) => sum + score / 2 ** (k + 1), 0);
    // Below the top of a page its best section is shown in any case.
    const least = hits[0].section.doc.location === hits[0].section.page ? 0 : ALSO * hits[0].score;
    const best = hits.filter(({ score }) => score >= least).slice(0, 2);
    return { hits, best, score: hits[0].score + PAGE * others };
  });
  return { terms, pages: pages.sort((a, b) => b.score - a.score) };
}

/** Where words of the query are in a text that may have tags. */
function rangesOf(html, terms) {
  const [text] = plain(html).split(MARK);
  return [...wordsOf(text)]
    .filter(([word]) => terms.some((term) => stem(word).startsWith(term)))
    .map(([, start, value]) => ({ start, end: start + value, value }));
}

/** A part of a text without its tags, with the words of the query marked. */
function marked(html, ranges, from = 0, to = html.length) {
  let [marked, end] = ["", from];
  const untagged = (a, b) =>
    html.slice(a, b).replace(/<\/?(code|em|strong)>/g, "").replace(/^[^<]*?>|<[^>]*(>|$)/g, " ");
  for (const range of ranges.filter(({ start, end }) => start >= from && end <= to)) {
    marked += `${untagged(end, range.start)}<mark>${html.slice(range.start, range.end)}</mark>`;
    end = range.end;
  }
  return marked + untagged(end, to);
}

/** The part of a text that has most words of the query, with these marked. */
function teaser(html, terms) {
  const [text] = html.split(MARK);
  const ranges = rangesOf(html, terms);
  const beginning = (range) => Math.max(0, text.lastIndexOf(" ", (range?.start ?? 0) - BEFORE));
  const within = (range) =>
    ranges.filter(({ start, end }) => start >= range.start && end <= beginning(range) + TEASER);
  const variety = (range) => {
    const words = within(range).map((r) => stem(text.slice(r.start, r.end).toLowerCase()));
    return terms.filter((term) => words.some((word) => word.startsWith(term))).length;
  };
  const best = ranges.reduce((a, b) => (variety(b) > variety(a) ? b : a), ranges[0]);
  const from = beginning(best);
  const to = text.indexOf(" ", from + TEASER);
  const [more, stop] = to < 0 ? ["", text.length] : [" …", to];
  return `${from ? "… " : ""}${marked(text, ranges, from, stop)}${more}`;
}

/** The result as Material's dialog expects it: pages, each with its sections. */
function forMaterial({ terms, pages }, { sections }) {
  const items = pages.slice(0, MOST).map(({ hits, best }) => {
    const items = hits.map(({ section: { doc }, score }, k) => ({
      ...doc,
      title: marked(doc.title, rangesOf(doc.title, terms)),
      text: teaser(doc.text, terms),
      // Sections with the score of the first one are not folded.
      score: best[k] ? best[0].score : score,
      terms: {},
    }));
    const { page } = hits[0].section;
    if (items.every(({ location }) => location !== page)) {
      const { doc } = sections.find(({ doc }) => doc.location === page);
      items.push({ ...doc, score: 0, terms: {} });
    }
    return items;
  });
  return { items };
}

/** The result as Zensical's dialog expects it: sections, with the places of the words. */
function forZensical({ terms, pages }) {
  const hits = [...pages.flatMap(({ best }) => best), ...pages.flatMap(({ hits }) => hits)];
  const items = [...new Set(hits.map(({ section }) => section))].slice(0, MOST).map(({ id, doc }) => ({
    id,
    matches: ["title", "text"].map((field) => ({
      field,
      value: { highlight: { ranges: rangesOf(doc[field], terms) } },
    })),
  }));
  return { items, pagination: { total: items.length } };
}

let index;
let answer;

addEventListener("message", function receive({ data: { type, data } }) {
  if (type === 0) {
    const docs = data.docs ?? data.items;
    if (!docs?.every?.(({ location, title, text }) => [location, title, text].every((v) => v?.at))) {
      // The theme has changed its messages, so its own worker answers them.
      removeEventListener("message", receive);
      importScripts(decodeURIComponent(location.hash.slice(1)));
      dispatchEvent(new MessageEvent("message", { data: { type, data } }));
      return;
    }
    index = makeIndex(docs);
    answer = data.docs ? forMaterial : forZensical;
    postMessage({ type: 1 });
  } else if (type === 2) {
    const query = data.input ?? data;
    const result = rank(index, typeof query === "string" ? query : "");
    postMessage({ type: 3, data: answer(result, index) });
  }
});
