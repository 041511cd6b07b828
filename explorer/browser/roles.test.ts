// Shared use: what a reader's token and an editor's let a person do on the pages.

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHROMIUM, DYAD, launch, serveShared } from './drive';

describe.skipIf(!CHROMIUM || !DYAD)('the pages where tokens are needed', () => {
  let served: Awaited<ReturnType<typeof serveShared>>;
  let browser: Browser;
  let report: string;

  beforeAll(async () => {
    served = await serveShared();
    browser = await launch();
    const headers = { authorization: `Bearer ${served.reader}` };
    const events = await fetch(`${served.at}/api/v1/events?type=CONSULT&limit=1`, { headers });
    const [first] = (await events.json()) as { report: string; event: string }[];
    report = `/report/${first!.report}#${first!.event}`;
  }, 300_000);

  afterAll(async () => {
    await browser?.close();
    await served?.end();
  });

  const enter = async (token: string): Promise<Page> => {
    const page = await (await browser.newContext()).newPage();
    await page.goto(served.at);
    await page.getByLabel('This archive asks for a token').fill(token);
    await page.getByRole('button', { name: 'Enter' }).click();
    return page;
  };

  it('ask for one, and again where it is not known', async () => {
    const page = await enter('dyad_wrong');
    await page.locator('.trouble, .token').first().waitFor();
    expect(await page.locator('ol.reports > li').count()).toBe(0);
    await page.getByLabel('This archive asks for a token').fill(served.reader);
    await page.getByRole('button', { name: 'Enter' }).click();
    await page.locator('ol.reports > li').first().waitFor();
  });

  it('let a reader look and have texts read, and offer nothing that would be refused', async () => {
    const page = await enter(served.reader);
    await page.locator('ol.reports > li').first().waitFor();
    await page.goto(served.at + report);
    await page.locator('.panel .why').waitFor();
    for (const name of ['Correct', 'Add what was missed']) {
      expect(await page.getByRole('button', { name, exact: true }).count(), name).toBe(0);
    }
    await page.goto(`${served.at}/corrections`);
    await page.getByText("corrections are made with an editor's").waitFor();
    await page.goto(`${served.at}/read?from=address`);
    await page.getByLabel('Report').fill('Norway and Iceland signed a fishing pact in Bergen on Tuesday.');
    await page.getByRole('button', { name: 'Read', exact: true }).click();
    await page.locator('.report-text').waitFor();
    for (const name of ['Store it', 'Read and store', 'An address']) {
      expect(await page.getByRole('button', { name, exact: true }).count(), name).toBe(0);
    }
  });

  it('let an editor correct by the name of the token', async () => {
    const page = await enter(served.editor);
    await page.locator('ol.reports > li').first().waitFor();
    await page.goto(served.at + report);
    const beside = page.locator('.panel .more .correct');
    await beside.getByRole('button', { name: 'Correct' }).click();
    expect(await beside.getByLabel('Who says so').count()).toBe(0);
    await beside.getByLabel('Status').selectOption('planned');
    await beside.getByLabel('Why').fill('it says will');
    await beside.getByRole('button', { name: 'Amend' }).click();
    await beside.getByText('by editor').waitFor();
    await page.goto(`${served.at}/read`);
    await page.getByRole('button', { name: 'An address' }).waitFor();
    await page.getByRole('button', { name: 'Read and store' }).waitFor();
  });
});
