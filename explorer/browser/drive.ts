// Debian's Chromium and a served archive of the samples, for the tests that drive the pages.

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';

const first = (paths: (string | undefined)[]) => paths.find((p) => p && existsSync(p));

export const CHROMIUM = first([process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser']);

export const DYAD = first([process.env.DYAD, '../target/release/dyad', '../target/debug/dyad']);

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
  const service = spawn(DYAD!, ['serve', archive, '--listen', '127.0.0.1:0', '--log', 'quiet'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
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
