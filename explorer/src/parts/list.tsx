// A list that the API gives a page at a time.

import type { ComponentChildren } from 'preact';
import { type Rows, useRows } from '../api';
import { count } from '../words';
import { Waiting } from './bits';

interface Props<T> {
  /** What the API is asked, without a limit. */
  path: string;
  /** How many at a time. */
  step: number;
  class: string;
  /** What one is called: `episode`. */
  noun: string;
  children: (row: T) => ComponentChildren;
  /** Said where there is none. */
  nothing?: string;
  /** Stands beside the count. */
  beside?: ComponentChildren;
}

export function RowsOf<T>({ path, step, noun, children, nothing, beside, ...rest }: Props<T>) {
  const rows = useRows<T>(`${path}${path.includes('?') ? '&' : '?'}limit=${step}`);
  if (!rows.value) return <Waiting asked={rows} />;
  return (
    <>
      <p class="dim found" aria-live="polite">
        {rows.more ? `The first ${count(rows.value.length, noun)}` : count(rows.value.length, noun)}
        {rows.value.length > 0 && beside}
      </p>
      {rows.value.length === 0 && <p class="none">{nothing ?? 'Nothing is found so. Fewer filters find more.'}</p>}
      <ol {...rest}>{rows.value.map(children)}</ol>
      <MoreRows rows={rows} step={step} />
    </>
  );
}

export const MoreRows = <T,>({ rows, step }: { rows: Rows<T>; step: number }) =>
  rows.more ? (
    <p>
      <button type="button" class="toggle more-of" onClick={rows.more}>
        {step} more
      </button>
    </p>
  ) : null;
