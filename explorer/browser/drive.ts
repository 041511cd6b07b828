// Debian's Chromium and a served archive of the samples, for the tests that drive the pages.

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';

const first = (paths: (string | undefined)[]) => paths.find((p) => p && existsSync(p));

export const CHROMIUM = first([process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser']);

export const DYAD = first([process.env.DYAD, '../target/release/dyad', '../target/debug/dyad']);

/** Invented trade in BACI's columns, in thousands of dollars. */
const TRADE = `t,i,j,k,v,q
2021,643,276,270900,60000,1
2021,643,156,270900,40000,1
2021,276,643,870323,30000,1
2021,276,156,870323,270000,1
2021,156,643,851713,70000,1
2022,643,276,270900,30000,1
2022,643,156,270900,70000,1
2022,276,643,870323,10000,1
2022,276,156,870323,290000,1
2022,156,643,851713,90000,1
`;

export interface Served {
  /** Where the service is, as `http://127.0.0.1:40123`. */
  at: string;
  end: () => Promise<void>;
}

export async function serve(): Promise<Served> {
  const folder = mkdtempSync(join(tmpdir(), 'dyad-browser-'));
  const archive = join(folder, 'samples.sqlite');
  const added = spawnSync(DYAD!, ['add', archive, '../samples'], { encoding: 'utf8' });
  if (added.status !== 0) throw new Error(added.stderr);
  const table = join(folder, 'made-up.csv');
  writeFileSync(table, TRADE);
  const service = spawn(
    DYAD!,
    ['serve', archive, '--listen', '127.0.0.1:0', '--log', 'quiet', '--trade', table],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const at = await address(service);
  const end = async () => {
    service.kill('SIGTERM');
    rmSync(folder, { recursive: true, force: true });
  };
  return { at, end };
}

/** Without a graphics card WebGL is drawn in software. */
export const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath: CHROMIUM!,
    args: ['--no-sandbox', '--disable-quic', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist'],
  });

function address(service: ChildProcess): Promise<string> {
  return new Promise((found, failed) => {
    let said = '';
    service.stderr!.on('data', (bytes: Buffer) => {
      said += bytes.toString();
      const at = /http:\/\/[\d.]+:\d+(?=\/)/.exec(said);
      if (at) found(at[0]);
    });
    service.on('exit', () => failed(new Error(`dyad serve ended: ${said}`)));
  });
}
