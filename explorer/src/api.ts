import { useEffect, useState } from 'preact/hooks';
import type { Caller, Explained, Explanation, Looked, Record, Stored } from './record';

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

/** What was asked before the page that shows it was there. */
const begun = new Map<string, Promise<unknown>>();

/** Asks already while the code of a page is on its way; `get` takes the answer. */
export function begin(path: string): void {
  if (!path || begun.has(path)) return;
  const answer = get<unknown>(path);
  answer.catch(() => {});
  begun.set(path, answer);
  // A page that was left before it came takes an answer of its own the next time.
  setTimeout(() => begun.delete(path), 5000);
}

export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  const first = begun.get(path);
  begun.delete(path);
  if (first) return (await first) as T;
  return (await (await ask(path, { signal: signal ?? null })).json()) as T;
}

/** Changes something in the archive, and gives what came of it. */
export async function change<T>(method: 'POST' | 'DELETE', path: string, what?: object): Promise<T> {
  const headers = { 'content-type': 'application/json' };
  return (await ask(path, { method, headers, body: what ? JSON.stringify(what) : null })).json();
}

let caller: Promise<Caller> | null = null;

/** Who we are to the service and what we may do; nothing until it is known. */
export function useCaller(): Caller | null {
  const [known, setKnown] = useState<Caller | null>(null);
  useEffect(() => {
    caller ??= get<Caller>('caller');
    caller.then(setKnown, () => {
      caller = null;
    });
  }, []);
  return known;
}

/** What a text does not say of itself. */
export interface Given {
  published?: string;
  title?: string;
  outlet?: string;
  url?: string;
}

async function send<T>(path: string, text: string, given: Given = {}): Promise<T> {
  const words = new URLSearchParams(Object.entries(given).filter(([, value]) => value));
  const headers = { 'content-type': 'text/plain; charset=utf-8' };
  const init = { method: 'POST', headers, body: text };
  return (await ask(words.size ? `${path}?${words}` : path, init)).json();
}

/** Reads a text and stores nothing. */
export const read = (text: string, given: Given) => send<Record>('read', text, given);

/** Why the items of a text that is not stored are read. */
export const explain = async (text: string, given: Given): Promise<Explained> => ({
  items: await send<Explanation[]>('explain', text, given),
  otherwise: [],
});

/** Reads a text and stores it. */
export const store = (text: string, given: Given) => send<Stored[]>('reports', text, given);

/** Reads the page at an address and stores nothing. */
export const look = (url: string, given: Given) => send<Looked>('fetch/read', url, given);

/** Reads the page at an address, or every page of a feed, and stores them. */
export const fetchFrom = (url: string, given: Given) => send<Stored[]>('fetch', url, given);

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
      (value) => stop.signal.aborted || setAsked({ value, error: null, path }),
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
