// How long until each page of a served archive shows what it is for, and how smoothly its network
// moves: `npm run speed -- http://127.0.0.1:7878`. docs/service.md tells what came out.

import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const at = process.argv[2] ?? 'http://127.0.0.1:7878';
const TURNS = 5;

const api = async (path) => (await fetch(`${at}/api/v1/${path}`)).json();
const [episode] = await api('episodes?min_voices=2&limit=1');
const [report] = await api('reports?limit=1');
const { dyads } = await api('summary?dyads=1');
const { from, to } = dyads[0];
const word = report.opening.split(/\W+/).find((w) => w.length > 5);
const rules = encodeURIComponent(`often: who ${from} whom ${to} at least 5 in 7 days`);

/** Each page, and what it shows when it is there. */
const PAGES = [
  ['/', 'ol.reports > li'],
  [`/?q=${word}`, 'ol.reports > li mark'],
  [`/report/${report.id}`, '.report-text p'],
  ['/episodes', 'ol.episodes > li'],
  [`/episode/${episode.id}`, '.voice'],
  ['/timeline', '.chart :is(.bar, circle)'],
  ['/pair', 'ul.pairs > li'],
  [`/pair/${from}/${to}`, 'table.numbers td'],
  ['/network', '.network canvas'],
  ['/network?level=actor', '.network canvas'],
  ['/map', '.map circle'],
  ['/search', 'ol.found > li'],
  [`/search?kind=episodes&who=${from}&quad=material_conflict`, 'ol.found > li'],
  ['/search?kind=actors', 'ol.found > li'],
  ['/search?kind=statements', 'ol.found > li'],
  ['/search?kind=ties', 'ol.found > li'],
  [`/watch?rules=${rules}`, 'ol.notices > li'],
  ['/corrections', 'p.found'],
  ['/read', 'textarea'],
];

const executablePath = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser'].find(
  (path) => path && existsSync(path),
);
const browser = await chromium.launch({
  executablePath,
  args: ['--no-sandbox', '--disable-quic', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist'],
});
const median = (times) => [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)];

console.log('milliseconds from the address to the first view, median and worst of', TURNS);
for (const [path, shown] of PAGES) {
  const times = [];
  for (let turn = 0; turn < TURNS; turn += 1) {
    // A context of its own has nothing in its cache.
    const context = await browser.newContext({ viewport: { width: 1360, height: 900 } });
    const page = await context.newPage();
    await page.goto(at + path, { waitUntil: 'commit' });
    const time = await page.waitForFunction(
      (selector) => (document.querySelector(selector) ? performance.now() : 0),
      shown,
      { polling: 'raf', timeout: 60_000 },
    );
    times.push(await time.jsonValue());
    await context.close();
  }
  const [middle, worst] = [median(times), Math.max(...times)].map((t) => String(Math.round(t)).padStart(6));
  console.log(`${middle} ${worst}  ${path.slice(0, 70)}`);
}

const page = await browser.newPage({ viewport: { width: 1360, height: 900 } });
const card = await page.evaluate(() => {
  const gl = document.createElement('canvas').getContext('webgl2');
  const told = gl?.getExtension('WEBGL_debug_renderer_info');
  return told ? gl.getParameter(told.UNMASKED_RENDERER_WEBGL) : 'none';
});
console.log(`frames of the network, drawn by ${card}`);

/** The frames that pass while the mouse does something, in milliseconds between them. */
async function frames(move) {
  await page.evaluate(() => {
    window.frames_ = [];
    window.watching_ = true;
    const each = (time) => {
      window.frames_.push(time);
      if (window.watching_) requestAnimationFrame(each);
    };
    requestAnimationFrame(each);
  });
  await move();
  const times = await page.evaluate(() => {
    window.watching_ = false;
    return window.frames_;
  });
  return times.slice(1).map((time, i) => time - times[i]);
}

const told = (what, gaps) => {
  const mean = (1000 * gaps.length) / gaps.reduce((a, b) => a + b, 0);
  const late = gaps.filter((gap) => gap > 20).length;
  console.log(
    `  ${what} at ${mean.toFixed(0)} frames a second, median ${median(gaps).toFixed(1)} ms, ${late} of ${gaps.length} later than 20 ms, worst ${Math.max(...gaps).toFixed(0)} ms`,
  );
};

for (const path of ['/network', '/network?level=actor']) {
  const began = performance.now();
  await page.goto(at + path);
  await page.locator('.network canvas').first().waitFor();
  await page.locator('.network .canvas:not([data-moving])').waitFor({ timeout: 60_000 });
  const rested = Math.round(performance.now() - began);
  const label = await page.locator('.network .canvas').getAttribute('aria-label');
  console.log(`${path}: ${label.split(';')[0]}; the layout is at rest after ${rested} ms`);
  const box = await page.locator('.network .canvas').boundingBox();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.waitForTimeout(1000);
  const pan = await frames(async () => {
    await page.mouse.down();
    for (let i = 0; i < 240; i += 1) {
      await page.mouse.move(x + 150 * Math.sin(i / 10), y + 100 * (1 - Math.cos(i / 14)));
      if (i % 4 === 3) await page.waitForTimeout(16);
    }
    await page.mouse.up();
  });
  told('panned', pan);
  await page.mouse.move(x, y);
  await page.waitForTimeout(1000);
  const zoom = await frames(async () => {
    for (const way of [-1, -1, 1, 1]) {
      await page.mouse.wheel(0, 120 * way);
      await page.waitForTimeout(300);
    }
  });
  told('zoomed', zoom);
}
await browser.close();
