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
for (const path of ['/network', '/network?level=actor']) {
  await page.goto(at + path);
  await page.locator('.network canvas').first().waitFor();
  await page.locator('.network .canvas:not([data-moving])').waitFor({ timeout: 60_000 });
  const label = await page.locator('.network .canvas').getAttribute('aria-label');
  const box = await page.locator('.network .canvas').boundingBox();
  const [x, y] = [box.x + box.width / 2, box.y + 12];
  await page.evaluate(() => {
    window.frames_ = [];
    const each = (time) => {
      window.frames_.push(time);
      requestAnimationFrame(each);
    };
    requestAnimationFrame(each);
  });
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (let i = 0; i < 120; i += 1) {
    await page.mouse.move(x + 150 * Math.sin(i / 10), y + 100 * (1 - Math.cos(i / 14)));
  }
  await page.mouse.up();
  const frames = await page.evaluate(() => window.frames_);
  const gaps = frames.slice(1).map((time, i) => time - frames[i]);
  const mean = (1000 * gaps.length) / gaps.reduce((a, b) => a + b, 0);
  const late = gaps.filter((gap) => gap > 20).length;
  console.log(
    `${path}: ${label.split(';')[0]}; panned at ${mean.toFixed(0)} frames a second, median ${median(gaps).toFixed(1)} ms, ${late} of ${gaps.length} frames later than 20 ms`,
  );
}
await browser.close();
