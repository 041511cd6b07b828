// Every page, in a real browser, on the sample reports: what it shows is what the API tells.

import { AxeBuilder } from '@axe-core/playwright';
import { mkdirSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {
  Correction,
  Dependences,
  Edge,
  Episode,
  EventRow,
  Explained,
  Notice,
  PairPage,
  Record,
  ReportHead,
  Scene,
} from '../src/record';
import { CHROMIUM, DYAD, launch, serve, type Served, site } from './drive';

const ready = CHROMIUM && DYAD;
if (!ready) {
  const missing = CHROMIUM ? 'the dyad command (make build)' : 'Chromium (apt-get install chromium)';
  console.warn(`\nSKIPPED: no page was driven in a browser, because ${missing} is missing\n`);
}

/** Set to a folder to write a picture of each page there. */
const PICTURES = process.env.PICTURES;

describe.skipIf(!ready)('the explorer in a browser', () => {
  let served: Served;
  let browser: Browser;
  let page: Page;
  const elsewhere: string[] = [];
  const wrong: string[] = [];

  const open = async (path: string) => {
    await page.goto(served.at + path);
    await page.locator('main:not([aria-busy])').first().waitFor();
    await page.locator('.waiting').first().waitFor({ state: 'detached' });
  };
  const api = async <T>(path: string): Promise<T> => {
    const response = await fetch(`${served.at}/api/v1/${path}`);
    expect(response.status, path).toBe(200);
    return (await response.json()) as T;
  };
  const picture = async (name: string) => {
    if (!PICTURES) return;
    mkdirSync(PICTURES, { recursive: true });
    await page.screenshot({ path: `${PICTURES}/${name}.png` });
  };

  beforeAll(async () => {
    served = await serve();
    browser = await launch();
    const context = await browser.newContext({ viewport: { width: 1360, height: 900 } });
    page = await context.newPage();
    page.on('request', (r) => {
      if (!r.url().startsWith(served.at) && !/^(data|blob):/.test(r.url())) elsewhere.push(r.url());
    });
    page.on('pageerror', (error) => wrong.push(String(error)));
    page.on('dialog', (dialog) => {
      wrong.push(`a dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
  }, 300_000);

  afterAll(async () => {
    await browser?.close();
    await served?.end();
  });

  it('lists the reports', async () => {
    const reports = await api<ReportHead[]>('reports');
    await open('/');
    expect(await page.locator('ol.reports > li').count()).toBe(Math.min(50, reports.length));
    await page.getByRole('searchbox').fill('grain');
    const found = await api<ReportHead[]>('reports?q=grain');
    await page.locator('.dim', { hasText: 'with these words' }).waitFor();
    await expect.poll(() => page.locator('ol.reports > li').count()).toBe(found.length);
    expect(page.url()).toContain('q=grain');
  });

  it('shows a report with everything read from it, and walks it by keyboard', async () => {
    const [first] = await api<EventRow[]>('events?q=missiles&deeds=true&limit=1');
    const record = await api<Record>(`reports/${first!.report}`);
    await open(`/report/${first!.report}`);
    const shown = await page.locator('.report-text').innerText();
    const squeeze = (text: string) => text.replace(/\s+/g, '');
    expect(squeeze(shown)).toBe(squeeze(record.report.text));
    for (const item of [...record.events, ...record.statements, ...record.figures, ...record.ties]) {
      expect(await page.locator(`.panel [data-id="${item.id}"]`).count(), item.id).toBe(1);
    }
    for (const e of record.events) {
      const [trigger] = [[...record.report.text].slice(e.trigger.start, e.trigger.end).join('')];
      const marked = page.locator(`.report-text .m-trigger[data-items~="${e.id}"]`);
      expect((await marked.allInnerTexts()).join('')).toContain(trigger!.split(' ')[0]);
    }
    await page.keyboard.press('j');
    const open_ = page.locator('.panel .item[aria-expanded="true"]');
    expect(await open_.count()).toBe(1);
    const more = page.locator('.panel .item[aria-expanded="true"] + .more');
    expect(await more.innerText()).toContain('found by');
    const { items } = await api<Explained>(`reports/${first!.report}/explanations`);
    const shownId = await open_.getAttribute('data-id');
    const why = items.find((i) => i.item === shownId)!;
    await more.locator('.why').waitFor();
    const roles = why.words.filter((w) => w.role);
    expect(roles.length).toBeGreaterThan(0);
    expect(await more.locator('ruby').count()).toBe(roles.length);
    for (const other of why.runners_up) {
      expect(await more.locator('.others').innerText()).toContain(other.code);
    }
    await more.getByText('Parse').click();
    expect(await more.locator('.parse tbody tr').count()).toBe(why.words.length);
    // Everything that has a mark of its own in the margin stands there once.
    const beside = record.events.length + record.statements.length + record.figures.length + record.ties.length;
    expect(await page.locator('.margin .note').count()).toBe(beside);
    expect(await page.locator('.report-text .active').count()).toBeGreaterThan(0);
    const id = await open_.getAttribute('data-id');
    expect(new URL(page.url()).hash).toBe(`#${id}`);
    await picture('report');
    await page.keyboard.press('j');
    expect(await open_.getAttribute('data-id')).not.toBe(id);
    await page.keyboard.press('Escape');
    expect(await open_.count()).toBe(0);
  });

  it('shows damage and furniture in the words, in the margin and as a list', async () => {
    const reports = await api<ReportHead[]>('reports');
    const damaged = reports.find((r) => r.damaged > 0)!;
    const record = await api<Record>(`reports/${damaged.id}`);
    await open(`/report/${damaged.id}`);
    const doubtful = record.passages.filter((p) => p.kind !== 'body');
    expect(doubtful.length).toBeGreaterThan(0);
    expect(await page.locator('.panel [data-id^="passage-"]').count()).toBe(doubtful.length);
    expect(await page.locator('.margin[data-passage]').count()).toBeGreaterThan(0);
    expect(await page.locator('.report-text .m-damaged').count()).toBeGreaterThan(0);
    const first = page.locator('.panel [data-id^="passage-"]').first();
    await first.click();
    expect(await page.locator('.report-text .active').count()).toBeGreaterThan(0);
  });

  it('sets the voices of an episode side by side', async () => {
    const episodes = await api<Episode[]>('episodes?min_voices=2');
    const disputed = episodes.find((e) => e.disagreements.length > 0)!;
    await open(`/episode/${disputed.id}`);
    expect(await page.locator('.voice').count()).toBe(disputed.voices);
    expect(await page.locator('.claims tbody tr').count()).toBe(
      disputed.disagreements.reduce((n, d) => n + d.claims.length, 0),
    );
    for (const t of disputed.tellings) {
      expect(await page.locator('.voices').innerText()).toContain(t.text.trim().slice(0, 30));
    }
    await picture('episode');
  });

  it('draws the timeline', async () => {
    const episodes = await api<Episode[]>('episodes?deeds=true');
    await open('/timeline?from=2022-01-01&to=2024-01-01');
    const middle = (e: Episode) => (Date.parse(e.from!) + Date.parse(e.to!)) / 2;
    const inside = episodes.filter(
      (e) => e.from && e.to && middle(e) >= Date.parse('2022-01-01') && middle(e) <= Date.parse('2024-01-01'),
    );
    expect(await page.locator('.chart circle').count()).toBe(inside.length);
    await picture('timeline');
  });

  it('shows a pair of states', async () => {
    const all = await api<Episode[]>('episodes?between=RUS,UKR');
    await open('/pair/RUS/UKR');
    await page.locator('.halves table.numbers').waitFor();
    const cells = await page.locator('.halves table.numbers tbody td:nth-child(-n+5)').allInnerTexts();
    expect(cells.reduce((n, text) => n + (Number(text) || 0), 0)).toBe(all.length);
    expect(await page.locator('.months canvas').count()).toBeGreaterThan(0);
    await page.getByLabel('Type').selectOption('ASSAULT');
    const assaults = all.filter((e) => e.type === 'ASSAULT').length;
    await page.locator('h2', { hasText: `${assaults} episode` }).waitFor();
    expect(page.url()).toContain('type=ASSAULT');
    const told = await api<PairPage>('pair?between=RUS,UKR');
    await open('/pair/RUS/UKR');
    await page.locator('h2', { hasText: `${told.told.statements} statements` }).waitFor();
    await picture('pair');
  });

  it('sets trade tables beside what reports said of two states', async () => {
    const told = await api<Dependences>('dependence?between=RUS,DEU');
    expect(told.years.length).toBe(2);
    expect(told.claims.length).toBeGreaterThan(0);
    await open('/pair/RUS/DEU');
    const trade = page.locator('.trade');
    await trade.locator('h2', { hasText: 'made-up.csv' }).waitFor();
    expect(await trade.locator('table.numbers tbody tr').count()).toBe(told.years.length);
    const last = await trade.locator('table.numbers tbody tr').first().innerText();
    expect(last).toContain('2022');
    expect(last).toContain('30.0 m');
    expect(last).toContain('30.0 %');
    expect(await trade.locator('ol.lines > li').count()).toBe(told.claims.length);
    expect(await trade.locator('canvas').count()).toBe(1);
  });

  it('draws the network of actors', async () => {
    const edges = await api<Edge[]>('network');
    await open('/network');
    const nodes = new Set(edges.flatMap((e) => [e.from, e.to])).size;
    const label = await page.locator('.network .canvas').getAttribute('aria-label');
    expect(label).toContain(`${nodes} actors and ${edges.length} lines`);
    expect(await page.locator('.list tbody tr').count()).toBe(Math.min(40, edges.length));
    expect(await page.locator('.network canvas').count()).toBeGreaterThan(0);
    expect(await page.locator('.network .trouble').count()).toBe(0);
    await page.locator('.network .canvas:not([data-moving])').waitFor();
    await picture('network');
  });

  it('pushes a picture of thousands of lines along with the camera, and draws it anew at rest', async () => {
    const name = (n: number) => `N${n}`;
    const edges = Array.from({ length: 3000 }, (_, i) => ({
      ...{ from: name(i % 150), to: name((i * 7 + Math.floor(i / 150) + 1) % 150), episodes: 1 + (i % 9) },
      ...{ deeds: 1, goldstein: 0, verbal_cooperation: 1, material_cooperation: 0 },
      ...{ verbal_conflict: 0, material_conflict: 0 },
    })).filter((e) => e.from !== e.to);
    const once = [...new Map(edges.map((e) => [`${e.from} ${e.to}`, e])).values()];
    await page.route('**/api/v1/network*', (route) => route.fulfill({ json: once }));
    await open('/network');
    const canvas = page.locator('.network .canvas');
    await page.locator('.network .canvas:not([data-moving])').waitFor();
    expect(await canvas.getAttribute('aria-label')).toContain('150 actors');
    const drawnBy = await page.evaluate(() => {
      const gl = document.createElement('canvas').getContext('webgl2')!;
      const told = gl.getExtension('WEBGL_debug_renderer_info')!;
      return String(gl.getParameter(told.UNMASKED_RENDERER_WEBGL));
    });
    const box = (await canvas.boundingBox())!;
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.waitForTimeout(1000);
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 60, y + 20, { steps: 6 });
    // A graphics card draws each frame in time.
    if (/swiftshader|llvmpipe/i.test(drawnBy)) {
      await page.locator('.network .canvas[data-sliding]').waitFor();
      const pushed = await page.locator('.network .sigma-edges').evaluate((c) => new DOMMatrix(getComputedStyle(c).transform).e);
      expect(pushed).toBeGreaterThan(20);
    }
    await page.mouse.up();
    await page.locator('.network .canvas:not([data-sliding])').waitFor();
    expect(await page.locator('.network .sigma-edges').evaluate((c) => getComputedStyle(c).transform)).toBe('none');
    await page.unroute('**/api/v1/network*');
  });

  it('puts the places on a map', async () => {
    const scenes = await api<Scene[]>('places');
    await open('/map');
    await page.locator('.map .land').waitFor();
    expect(await page.locator('.map circle').count()).toBe(scenes.length);
    expect(scenes.length).toBeGreaterThan(5);
    await picture('map');
  });

  it('searches, and keeps the filters in the address', async () => {
    for (const kind of ['events', 'episodes', 'statements', 'figures', 'ties', 'actors']) {
      const rows = await api<unknown[]>(`${kind}?limit=100`);
      await open(`/search?kind=${kind}`);
      expect(await page.locator('ol.found > li').count(), kind).toBe(rows.length);
    }
    await open('/search');
    await page.getByLabel('Who', { exact: true }).fill('RUS');
    await page.getByLabel('Who', { exact: true }).press('Enter');
    await page.getByLabel('Class').selectOption('material_conflict');
    const rows = await api<EventRow[]>('events?who=RUS&quad=material_conflict&limit=100');
    await expect.poll(() => page.locator('ol.found > li').count()).toBe(rows.length);
    expect(new URL(page.url()).search).toBe('?who=RUS&quad=material_conflict');
    await page.reload();
    await expect.poll(() => page.locator('ol.found > li').count()).toBe(rows.length);
    await picture('search');
  });

  it('watches rules and shows what met them', async () => {
    const rules = 'strikes: who RUS whom UKR type ASSAULT\nnone: who NOR whom ISL type ASSAULT';
    const notices = await api<Notice[]>(`watch?rules=${encodeURIComponent(rules)}`);
    expect(notices.length).toBeGreaterThan(0);
    await open('/watch');
    await page.getByLabel('Rules').fill(rules);
    await page.getByRole('button', { name: 'Look' }).click();
    await expect.poll(() => page.locator('ol.notices > li').count()).toBe(notices.length);
    expect(new URL(page.url()).searchParams.get('rules')).toBe(rules);
    const [first] = notices;
    const shown = await page.locator('ol.notices > li').first().innerText();
    expect(shown).toContain(first!.evidence.at(-1)!.text);
    await picture('watch');
    const source = page.locator('ol.notices > li').first().locator('p.source a').first();
    await source.click();
    await page.locator('.panel .item[aria-expanded="true"]').waitFor();
    await open('/watch?rules=nonsense');
    expect(await page.locator('.trouble').innerText()).toContain('line 1');
  });

  it('takes a correction of an item, shows it, and takes it back', async () => {
    const [first] = await api<EventRow[]>('events?type=CONSULT&limit=1');
    const path = `/report/${first!.report}#${first!.event}`;
    await open(path);
    const item = page.locator('.panel .item[aria-expanded="true"]');
    const beside = page.locator('.panel .more .correct');
    await beside.getByRole('button', { name: 'Correct' }).click();
    await beside.getByLabel('Status').selectOption('planned');
    await beside.getByLabel('Who says so').fill('ana');
    await beside.getByLabel('Why').fill('it says will');
    await beside.getByRole('button', { name: 'Amend' }).click();
    await beside.getByText('by ana').waitFor();
    expect(await item.innerText()).toContain('planned');
    const [made] = await api<Correction[]>(`corrections?report=${first!.report}`);
    expect(made).toMatchObject({ action: 'amend', item: first!.event, who: 'ana', change: { status: 'planned' } });
    await open('/corrections');
    expect(await page.locator('ol.notices > li').first().innerText()).toContain('it says will');
    await page.getByRole('button', { name: 'Withdraw' }).click();
    await page.getByText('Withdrawn by ana').waitFor();
    await open(path);
    await beside.getByRole('button', { name: 'Correct' }).click();
    await beside.getByLabel('Why').fill('nobody met');
    await beside.getByRole('button', { name: 'It is none' }).click();
    await page.locator('.panel h2', { hasText: 'Rejected' }).waitFor();
    const record = await api<Record>(`reports/${first!.report}`);
    expect(record.events.map((e) => e.id)).not.toContain(first!.event);
    await page.getByRole('button', { name: 'Withdraw' }).click();
    await page.locator(`.panel [data-id="${first!.event}"]`).waitFor();
  });

  it('takes an event that was missed, at the words that were selected', async () => {
    const [first] = await api<ReportHead[]>('reports?q=grain');
    const { report } = await api<Record>(`reports/${first!.id}`);
    await open('/corrections');
    await page.getByText('Add what was missed').click();
    await page.getByLabel('In which report?').fill('grain');
    await page.locator(`details.missing a[href*="${first!.id}"]`).click();
    const form = page.getByRole('form', { name: 'What was missed' });
    await form.waitFor();
    // The last words of the second paragraph, as a person drags over them.
    const words = await page.evaluate(() => {
      const paragraph = document.querySelectorAll('.report-text p')[1]!;
      const all = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
      let last = all.nextNode() as Text;
      for (let next = all.nextNode(); next; next = all.nextNode()) last = next as Text;
      getSelection()!.setBaseAndExtent(last, 0, last, last.length);
      return last.data;
    });
    await expect.poll(() => form.getByLabel('Words that tell it').inputValue()).toBe(words.trim());
    await form.getByLabel('Type').selectOption('AID');
    await form.getByLabel('Status').selectOption('planned');
    await form.getByLabel('Who', { exact: true }).fill('NOR');
    await form.getByLabel('To whom').fill('UKR');
    await picture('corrections');
    await form.getByLabel('Who says so').fill('ana');
    await form.getByLabel('Why').fill('nobody read it');
    await form.getByRole('button', { name: 'Add' }).click();
    const item = page.locator('.panel .item[aria-expanded="true"]');
    await item.waitFor();
    expect(await item.innerText()).toContain('AID');
    const [made] = await api<Correction[]>(`corrections?report=${first!.id}&withdrawn=false`);
    expect(made).toMatchObject({ action: 'add', words: words.trim(), who: 'ana' });
    expect(made!.change).toMatchObject({ type: 'AID', status: 'planned' });
    const [span] = made!.spans;
    expect([...report.text].slice(span!.start, span!.end).join('')).toBe(words.trim());
    expect(new URL(page.url()).hash).toBe(`#${made!.item}`);
    expect((await page.locator(`.report-text .m-trigger[data-items~="${made!.item}"]`).allInnerTexts()).join('')).toBe(words.trim());
    await page.locator('.panel .more').getByRole('button', { name: 'Withdraw' }).click();
    await expect.poll(() => page.locator(`.panel [data-id="${made!.item}"]`).count()).toBe(0);
    // A figure, by words that are written down.
    await page.getByRole('button', { name: 'Add what was missed' }).click();
    await form.getByLabel('They tell').selectOption('figure');
    const once = report.text.trim().split('\n').at(-1)!.split(' ').slice(0, 4).join(' ');
    await form.getByLabel('Words that tell it').fill(once);
    await form.getByLabel('Value').fill('40');
    await form.getByLabel('Counted').fill('boats');
    await form.getByLabel('Why').fill('nobody counted them');
    await form.getByRole('button', { name: 'Add' }).click();
    await item.waitFor();
    const figures = await api<Correction[]>(`corrections?report=${first!.id}&withdrawn=false&kind=figure`);
    expect(figures).toMatchObject([{ action: 'add', words: once, change: { value: 40, counted: 'boats' } }]);
    const more = page.locator('.panel .more');
    await more.getByRole('button', { name: 'Correct' }).click();
    await more.getByLabel('Value').fill('41');
    await more.getByLabel('Why').fill('one came late');
    await more.getByRole('button', { name: 'Amend' }).click();
    await more.getByText('one came late').waitFor();
    expect(await item.innerText()).toContain('41');
    // The amendment by its words: the list may be drawn anew between looking and clicking.
    const late = more.locator('.made', { hasText: 'one came late' });
    await late.getByRole('button', { name: 'Withdraw' }).click();
    await expect.poll(() => more.getByRole('button', { name: 'Withdraw' }).count()).toBe(1);
    await more.getByRole('button', { name: 'Withdraw' }).click();
    await expect.poll(() => page.locator(`.panel [data-id="${figures[0]!.item}"]`).count()).toBe(0);
    // Words that stand nowhere are told.
    await page.getByRole('button', { name: 'Add what was missed' }).click();
    await form.getByLabel('Words that tell it').fill('no such words');
    await form.getByLabel('Type').selectOption('AID');
    await form.getByLabel('Why').fill('a try');
    await form.getByRole('button', { name: 'Add' }).click();
    await form.getByText('does not stand in the report').waitFor();
  });

  it('reads a text or an address, and stores it when told to', async () => {
    const before = await api<ReportHead[]>('reports?limit=1000');
    const text = 'Norway and Iceland signed a fishing pact in Bergen on Tuesday, both ministries said.';
    await open('/read');
    await page.getByLabel('Report').fill(text);
    await page.getByLabel('Published').fill('2023-03-15');
    await page.getByLabel('Outlet').fill('The Quay');
    await page.getByRole('button', { name: 'Read', exact: true }).click();
    await page.locator('.report-text').waitFor();
    await page.keyboard.press('j');
    await page.locator('.panel .why ruby').first().waitFor();
    await picture('read');
    expect((await api<ReportHead[]>('reports?limit=1000')).length).toBe(before.length);
    await page.getByRole('button', { name: 'Store it' }).click();
    await page.locator('.kept', { hasText: '1 report in the archive' }).waitFor();
    await page.locator('.kept a').click();
    await page.locator('.report-head', { hasText: 'The Quay' }).waitFor();
    expect((await api<ReportHead[]>('reports?limit=1000')).length).toBe(before.length + 1);
    const pageOf = await site('Chile and Peru opened talks on Monday in Lima over the border, both governments said.');
    await open('/read');
    await page.getByRole('button', { name: 'An address' }).click();
    await page.getByLabel('Address of a page or a feed').fill(`${pageOf.at}/talks`);
    await page.getByRole('button', { name: 'Read', exact: true }).click();
    await page.locator('.report-text', { hasText: 'Chile' }).waitFor();
    expect((await api<ReportHead[]>('reports?limit=1000')).length).toBe(before.length + 1);
    await page.getByRole('button', { name: 'Store it' }).click();
    await page.locator('.kept', { hasText: '1 report in the archive' }).waitFor();
    expect((await api<ReportHead[]>('reports?limit=1000')).length).toBe(before.length + 2);
    await pageOf.end();
    await page.getByLabel('Address of a page or a feed').fill('http://10.1.2.3/');
    await page.getByRole('button', { name: 'Read', exact: true }).click();
    await page.locator('.trouble', { hasText: 'not public' }).waitFor();
  });

  it('shows hostile text and runs none of it', async () => {
    const script = '<script>window.owned = 1</script><img src=x onerror="window.owned = 2">';
    const bidi = '\u202Eevil\u202C \u2066isolate';
    const text =
      `Russia fired missiles at Ukraine on Monday, officials in Kyiv said ${script}. ` +
      `Norway condemned ${bidi} the attack. ${'W'.repeat(1 << 20)} The end.`;
    const url = `${served.at}/api/v1/reports?published=2023-03-15&outlet=${encodeURIComponent(script)}`;
    const body = JSON.stringify({ title: `Hostile ${script}${bidi}`, text });
    const answer = await fetch(url, { method: 'POST', body });
    expect(answer.status).toBe(201);
    const [{ report }] = (await answer.json()) as [{ report: string }];
    for (const path of [`/report/${report}`, '/', '/search?q=Hostile', '/search?kind=reports&q=Hostile', '/timeline', '/network']) {
      await open(path);
      expect(await page.evaluate('window.owned'), path).toBeUndefined();
      expect(await page.locator('#app script, #app img').count(), path).toBe(0);
      const wide = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
      expect(wide, `${path} is not wider than the window`).toBeLessThanOrEqual(0);
    }
    await open(`/report/${report}`);
    expect(await page.locator('.report-text').innerText()).toContain('<script>window.owned = 1</script>');
    await open('/read');
    await page.getByRole('textbox').first().fill(text);
    await page.getByRole('button', { name: /read/i }).first().click();
    await page.locator('.report-text').waitFor({ timeout: 60_000 });
    expect(await page.evaluate('window.owned')).toBeUndefined();
  }, 90_000);

  it('holds no barrier, in light and dark, and fits a phone', async () => {
    const [episode] = await api<Episode[]>('episodes?min_voices=2');
    const items = (r: ReportHead) => r.events + r.statements + r.figures + r.ties;
    const reports = (await api<ReportHead[]>('reports')).sort((a, b) => items(a) - items(b));
    const paths = [
      '/',
      '/?q=grain',
      `/report/${reports[0]!.id}`,
      `/report/${reports.at(-1)!.id}#e1`,
      '/episodes',
      `/episode/${episode!.id}`,
      '/timeline',
      '/pair',
      '/pair/RUS/UKR',
      '/pair/RUS/DEU',
      '/network',
      '/map',
      '/search',
      '/search?kind=ties',
      '/watch?rules=strikes%3A%20who%20RUS%20whom%20UKR',
      '/corrections',
      `/report/${reports[0]!.id}?missed=true`,
      '/read',
      '/read?from=address',
    ];
    const barriers: string[] = [];
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      for (const path of paths) {
        await open(path);
        const { violations } = await new AxeBuilder({ page }).analyze();
        const grave = violations.filter((v) => v.impact === 'serious' || v.impact === 'critical');
        const where = (v: (typeof grave)[0]) => v.nodes.slice(0, 3).map((n) => n.html).join(' ');
        barriers.push(...grave.map((v) => `${path} in ${colorScheme}: ${v.id}: ${where(v)}`));
      }
    }
    expect(barriers).toEqual([]);
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize({ width: 390, height: 844 });
    for (const path of paths) {
      await open(path);
      const wide = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
      expect(wide, `${path} on a phone`).toBeLessThanOrEqual(0);
    }
    await page.setViewportSize({ width: 1360, height: 900 });
  }, 600_000);

  it('asked no other host, and nothing failed on the way', () => {
    expect(elsewhere).toEqual([]);
    expect(wrong).toEqual([]);
  });
});
