// Debian's Chromium and a served archive of the samples, for the tests that drive the pages.

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
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

/** A page in the web of this machine, to be fetched. */
export async function site(text: string): Promise<Served> {
  const server = createServer((_, answer) => {
    answer.setHeader('content-type', 'text/plain; charset=utf-8');
    answer.end(text);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const end = () => new Promise<void>((ended) => server.close(() => ended()));
  return { at: `http://127.0.0.1:${port}`, end };
}

/** The samples served on an address that others reach, so that every question takes a token. */
export async function serveShared(): Promise<Served & { reader: string; editor: string }> {
  const made = archiveOfSamples();
  const token = (name: string) => {
    const args = ['token', 'new', name, '--role', name, '--archive', made.archive];
    return spawnSync(DYAD!, args, { encoding: 'utf8' }).stdout.trim();
  };
  const [reader, editor] = [token('reader'), token('editor')];
  const served = await start(made.folder, [made.archive, '--listen', '0.0.0.0:0']);
  return { ...served, at: served.at.replace('0.0.0.0', '127.0.0.1'), reader, editor };
}

function archiveOfSamples(): { folder: string; archive: string } {
  const folder = mkdtempSync(join(tmpdir(), 'dyad-browser-'));
  const archive = join(folder, 'samples.sqlite');
  const added = spawnSync(DYAD!, ['add', archive, '../samples'], { encoding: 'utf8' });
  if (added.status !== 0) throw new Error(added.stderr);
  return { folder, archive };
}

export async function serve(): Promise<Served> {
  const { folder, archive } = archiveOfSamples();
  const table = join(folder, 'made-up.csv');
  writeFileSync(table, TRADE);
  const more = ['--trade', table, '--private-host', '127.0.0.1'];
  return start(folder, [archive, '--listen', '127.0.0.1:0', ...more]);
}

async function start(folder: string, args: string[]): Promise<Served> {
  const service = spawn(DYAD!, ['serve', ...args, '--log', 'quiet'], { stdio: ['ignore', 'ignore', 'pipe'] });
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
