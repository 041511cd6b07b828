// The description of the API is valid, and what the API answers is what it describes.

import { Validator } from '@seriousme/openapi-schema-validator';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DYAD, serve, type Served, site } from './drive';

interface Operation {
  operationId: string;
  parameters: { name: string; in: string }[];
  requestBody?: { content: { [type: string]: { schema?: object } } };
  responses: { [status: string]: { content: { [type: string]: { schema?: object } } } };
}

interface Description {
  openapi: string;
  paths: { [path: string]: { [method: string]: Operation } };
  components: object;
}

const TEXT = 'Norway and Iceland signed a fishing pact in Bergen on Tuesday, both ministries said.';

describe.skipIf(!DYAD)('the description of the API', () => {
  let served: Served;
  let page: Served;
  let told: Description;
  let report: string;
  let event: string;
  const get = async (path: string) => (await fetch(`${served.at}/api/v1/${path}`)).json();

  beforeAll(async () => {
    [served, page] = [await serve(), await site(TEXT)];
    told = (await get('openapi.json')) as Description;
    const [first] = (await get('events?type=CONSULT&limit=1')) as { report: string; event: string }[];
    ({ report, event } = first!);
  }, 60_000);

  afterAll(async () => {
    await served?.end();
    await page?.end();
  });

  it('is one that OpenAPI 3.1 calls valid', async () => {
    const result = await new Validator().validate(structuredClone(told) as never);
    expect(result.errors ?? []).toEqual([]);
    expect(result.valid).toBe(true);
    expect(told.openapi).toBe('3.1.0');
  });

  it('is true of every answer', async () => {
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    addFormats(ajv);
    for (const name of ['int16', 'uint8', 'uint32', 'uint64', 'uint']) ajv.addFormat(name, true);
    ajv.addSchema({ $id: 'api', components: told.components });
    const proposal = { report, action: 'amend', item: event, change: { status: 'planned' }, who: 'ana', why: 'a test' };
    /** What each path is asked with, where that is not nothing. */
    const query: { [path: string]: string } = {
      '/api/v1/pair': 'between=RUS,UKR',
      '/api/v1/dependence': 'between=RUS,DEU',
      '/api/v1/watch': `rules=${encodeURIComponent('strikes: who RUS whom UKR')}`,
      '/api/v1/read': 'published=2023-03-15',
    };
    const bodies: { [path: string]: string } = {
      '/api/v1/corrections': JSON.stringify(proposal),
      '/api/v1/fetch': `${page.at}/pact`,
      '/api/v1/fetch/read': `${page.at}/pact`,
    };
    const [episode] = (await get('episodes?limit=1')) as { id: string }[];
    const id: { [start: string]: string } = { reports: report, episodes: episode!.id, corrections: 'c1' };
    const wrong: string[] = [];
    let lists = 0;
    // A correction is there before it is asked for and taken back.
    const order = { post: 0, get: 1, delete: 2 };
    const all = Object.entries(told.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    );
    all.sort((a, b) => order[a.method as 'post'] - order[b.method as 'post']);
    for (const { path, method, operation } of all) {
      const at = path.replace('{id}', id[path.split('/')[3] ?? ''] ?? '');
      const who = path.includes('corrections/') && method === 'delete' ? 'who=ana' : '';
      const url = `${served.at}${at}?${query[path] ?? who}`;
      const body = method === 'post' ? (bodies[path] ?? TEXT) : null;
      const answer = await fetch(url, { method: method.toUpperCase(), body });
      const described = operation.responses[answer.status];
      if (!described) {
        wrong.push(`${method} ${path}: ${answer.status} is not described: ${await answer.text()}`);
        continue;
      }
      const kind = answer.headers.get('content-type')!.split(';')[0]!;
      const content = described.content[kind];
      if (!content) {
        wrong.push(`${method} ${path}: ${kind} is not described`);
        continue;
      }
      if (content.schema && kind === 'application/json') {
        const text = JSON.stringify(content.schema).replaceAll('"#/components', '"api#/components');
        const valid = ajv.compile(JSON.parse(text));
        if (!valid(await answer.json())) {
          wrong.push(`${method} ${path}: ${ajv.errorsText(valid.errors?.slice(0, 3))}`);
        }
      }
      // Every other form that is described comes when it is asked for.
      for (const other of Object.keys(described.content)) {
        if (method !== 'get' || other === kind) continue;
        lists += 1;
        const again = await fetch(url, { headers: { accept: other } });
        const got = again.headers.get('content-type')?.split(';')[0];
        if (got !== other) wrong.push(`${path} as ${other}: ${again.status} ${got}`);
        await again.arrayBuffer();
      }
    }
    expect(wrong).toEqual([]);
    expect(lists).toBeGreaterThan(20);
  }, 120_000);
});
