// Each live part of the site does what it is for in Firefox, and nothing fails.
//
// It is a smoke test: what the parts say and draw is held in Chromium, by
// tests/browser.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

import puppeteer from "puppeteer-core";

const [, , executablePath, site] = process.argv;
const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

const server = createServer(async ({ url }, answer) => {
  const path = normalize(decodeURIComponent(url.split("?")[0]));
  const file = join(site, path.endsWith("/") ? `${path}index.html` : path);
  try {
    const content = await readFile(file);
    answer.setHeader("Content-Type", TYPES[extname(file)] ?? "application/octet-stream");
    answer.end(content);
  } catch {
    answer.writeHead(404).end();
  }
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const address = `http://127.0.0.1:${server.address().port}/`;

const reading = "#figure-reading";
const figure = "#figure-keep-write-show";

/** Wait until an element has some words. */
const says = (page, selector, words) =>
  page.waitForFunction(
    (one, text) =>
      [...document.querySelectorAll(one)].some((e) => e.textContent.includes(text)),
    { timeout: 60000 },
    selector,
    words,
  );

const PARTS = {
  "a text is read at each key": async (page) => {
    await page.goto(`${address}what-it-remembers/`);
    await page.type(`${reading} [type=text]`, "))(");
    await says(page, `${reading} [role=status]`, "of 37 characters");
  },
  "a weight is cut, by a button and by its address": async (page) => {
    await page.goto(`${address}what-it-remembers/`);
    await page.click(`${reading} [data-weight="0"]`);
    await says(page, `${reading} [role=status]`, "wrong after 5 of 34");
    await says(page, `${reading} svg.lf-figure`, "c as trained");
    const shared = page.url();
    await page.goto("about:blank");
    await page.goto(shared);
    await says(page, `${reading} [role=status]`, "wrong after 5 of 34");
  },
  "a weight is chosen in the weight map": async (page) => {
    await page.click(`${reading} .lf-map summary`);
    const cell = "#reading-weights--weight_hh-1-0";
    await page.$eval(cell, (one) => {
      one.dispatchEvent(new MouseEvent("click", { bubbles: true }));
    });
    await says(page, `${reading} output`, "−1.93");
  },
  "arrow keys go from character to character": async (page) => {
    await page.$eval(`${reading} svg.lf-figure`, (svg) => svg.focus());
    await page.keyboard.press("End");
    await says(page, `${reading} [role=status]`, "at step 34");
  },
  "a step is gone to, and a number changed": async (page) => {
    await page.goto(`${address}keep-write-show/`);
    await page.click(`${figure} [data-go="1"]`);
    await says(page, `${figure} output`, "9");
    await page.select(`${figure} select`, "lstm.weight_hh_l0:0,1");
    await page.click(`${figure} [data-to="0"]`);
    await says(page, `${figure} [role=status]`, "as trained");
    await page.click(`${figure} [data-do=reset]`);
    await says(page, `${figure} output`, "8");
  },
  "a whole drawing is shown of another step": async (page) => {
    await page.goto(`${address}step/`);
    const bar = "#figure-cell .lf-steps";
    const before = await page.$eval(`${bar} output`, (one) => one.textContent);
    const [, after] = await page.$$(`${bar} button`);
    await after.click();
    await page.waitForFunction(
      (one, was) => document.querySelector(one).textContent !== was,
      {},
      `${bar} output`,
      before,
    );
  },
  "a number says what it is": async (page) => {
    await page.goto(`${address}step/`);
    await page.hover("svg.lf-figure text[data-expr]");
    await page.waitForSelector(".lf-touch", { visible: true });
  },
  "shapes are computed": async (page) => {
    await page.goto(`${address}shapes/`);
    const field = ".lf-shapes input[name=hidden_size]";
    await page.$eval(field, (one) => {
      one.value = "";
    });
    await page.type(field, "77");
    await says(page, ".lf-shapes", "77");
  },
};

const browser = await puppeteer.launch({ browser: "firefox", executablePath });
let failed = 0;
const page = await browser.newPage();
await page.setViewport({ width: 1280, height: 900 });
const faults = [];
page.on("pageerror", (error) => faults.push(error.message));
for (const [name, act] of Object.entries(PARTS)) {
  try {
    await act(page);
    if (faults.length) throw new Error(faults.splice(0).join("; "));
    console.log(`ok: ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED: ${name}: ${error.message}`);
  }
}
await browser.close();
server.close();
process.exit(failed ? 1 : 0);
