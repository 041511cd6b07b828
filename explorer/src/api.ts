import { useEffect, useState } from 'preact/hooks';
import type { Explained, Explanation, Record } from './record';

/** Where the service asks for a token, it is kept until the tab is closed. */
const KEPT = 'dyad:token';

/** Fired where the service wants a token that we do not have. */
export const LOCKED = 'dyad:locked';

export const keepToken = (token: string) => sessionStorage.setItem(KEPT, token);

async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  const token = sessionStorage.getItem(KEPT);
  const headers = new Headers(init.headers);
  if (token) headers.set('authorization', `Bearer ${token}`);
  const response = await fetch(`/api/v1/${path}`, { ...init, headers });
  if (response.ok) return response;
  if (response.status === 401) dispatchEvent(new Event(LOCKED));
  const body: unknown = await response.json().catch(() => null);
  const error = (body as { error?: unknown } | null)?.error;
  throw new Error(typeof error === 'string' ? error : `the service answered ${response.status}`);
}

export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await (await ask(path, { signal: signal ?? null })).json()) as T;
}

/** Changes something in the archive. */
export async function change(method: 'POST' | 'DELETE', path: string, what?: object): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  await ask(path, { method, headers, body: what ? JSON.stringify(what) : null });
}

async function send<T>(path: string, text: string, published: string): Promise<T> {
  const asked = published ? `?published=${encodeURIComponent(published)}` : '';
  const headers = { 'content-type': 'text/plain; charset=utf-8' };
  return (await ask(`${path}${asked}`, { method: 'POST', headers, body: text })).json();
}

/** Reads a text and stores nothing. */
export const read = (text: string, published: string) => send<Record>('read', text, published);

/** Why the items of a text that is not stored are read. */
export const explain = async (text: string, published: string): Promise<Explained> => ({
  items: await send<Explanation[]>('explain', text, published),
  otherwise: [],
});

/** Saves what the API answers as a file. */
export async function save(path: string, name: string): Promise<void> {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await (await ask(path)).blob());
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

export interface Asked<T> {
  value: T | null;
  error: string | null;
}

/** What the API answers to a path; the last answer stays until the next is here. An empty path
 * asks nothing; another `turn` asks again. */
export function useAnswer<T>(path: string, turn = 0): Asked<T> {
  const [asked, setAsked] = useState<Asked<T> & { path: string }>({ value: null, error: null, path });
  useEffect(() => {
    if (!path) return;
    const stop = new AbortController();
    get<T>(path, stop.signal).then(
      (value) => setAsked({ value, error: null, path }),
      (error: Error) => stop.signal.aborted || setAsked({ value: null, error: error.message, path }),
    );
    return () => stop.abort();
  }, [path, turn]);
  return asked;
}

export interface Rows<T> extends Asked<T[]> {
  /** Asks for the next page, where there is one. */
  more: (() => void) | null;
}

/** Rows of a list, a page at a time. */
export function useRows<T>(path: string): Rows<T> {
  const first: Asked<T[]> & { next: string } = { value: null, error: null, next: '' };
  const [state, setState] = useState(first);
  const load = async (from: string, before: T[], signal?: AbortSignal) => {
    try {
      const response = await ask(from, { signal: signal ?? null });
      const rows = (await response.json()) as T[];
      const link = /<\/api\/v1\/([^>]*)>; rel="next"/.exec(response.headers.get('link') ?? '');
      setState({ value: [...before, ...rows], error: null, next: link?.[1] ?? '' });
    } catch (error) {
      if (!signal?.aborted) setState({ ...first, error: (error as Error).message });
    }
  };
  useEffect(() => {
    const stop = new AbortController();
    void load(path, [], stop.signal);
    return () => stop.abort();
  }, [path]);
  const more = state.next ? () => void load(state.next, state.value ?? []) : null;
  return { ...state, more };
}
