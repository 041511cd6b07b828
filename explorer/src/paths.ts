// What the pages that are fetched late ask the API for, known before they are there.

import { asked, type Field } from './parts/filters';
import type { Route } from './route';

interface Of {
  route: Route;
}

/** The filters of what is counted over all episodes. */
export const ACROSS: Field[] = ['who', 'whom', 'type', 'quad', 'status', 'from', 'to', 'deeds'];

export const OF_PAIR: Field[] = ['type', 'quad', 'from', 'to', 'deeds'];

export function edges({ route: { query } }: Of): string {
  const level = query.get('level') ?? 'country';
  return `network?${asked(query, ACROSS, `level=${level}&limit=5000`)}`;
}

export const scenes = ({ route: { query } }: Of) => `places?${asked(query, ACROSS, 'limit=5000')}`;

export const between = ({ a, b, route: { query } }: Of & { a: string; b: string }) =>
  a && b ? `pair?${asked(query, OF_PAIR, `between=${a},${b}`)}` : '';
