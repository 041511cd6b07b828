import { useEffect, useState } from 'preact/hooks';
import type { Record } from './record';

async function answer<T>(response: Response): Promise<T> {
  const body: unknown = await response.json().catch(() => null);
  if (response.ok) return body as T;
  const error = (body as { error?: unknown } | null)?.error;
  throw new Error(typeof error === 'string' ? error : `the service answered ${response.status}`);
}

export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return answer<T>(await fetch(`/api/v1/${path}`, { signal: signal ?? null }));
}

/** Reads a text and stores nothing. */
export async function read(text: string, published: string): Promise<Record> {
  const asked = published ? `?published=${encodeURIComponent(published)}` : '';
  const headers = { 'content-type': 'text/plain; charset=utf-8' };
  return answer<Record>(await fetch(`/api/v1/read${asked}`, { method: 'POST', headers, body: text }));
}

export interface Asked<T> {
  value: T | null;
  error: string | null;
}

/** What the API answers to a path; the last answer stays until the next is here. */
export function useAnswer<T>(path: string): Asked<T> {
  const [asked, setAsked] = useState<Asked<T> & { path: string }>({ value: null, error: null, path });
  useEffect(() => {
    const stop = new AbortController();
    get<T>(path, stop.signal).then(
      (value) => setAsked({ value, error: null, path }),
      (error: Error) => stop.signal.aborted || setAsked({ value: null, error: error.message, path }),
    );
    return () => stop.abort();
  }, [path]);
  return asked;
}
