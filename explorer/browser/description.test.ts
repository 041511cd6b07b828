import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, it } from 'vitest';
import { DYAD, serve } from './drive';

it.skipIf(!DYAD)('the API is described by a document that OpenAPI 3.1 calls valid', async () => {
  const served = await serve();
  const description = await (await fetch(`${served.at}/api/v1/openapi.json`)).text();
  await served.end();
  const result = await new Validator().validate(JSON.parse(description));
  expect(result.errors ?? []).toEqual([]);
  expect(result.valid).toBe(true);
  expect(JSON.parse(description).openapi).toBe('3.1.0');
}, 60_000);
