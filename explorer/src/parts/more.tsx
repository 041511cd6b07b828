import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { number } from '../words';

interface MoreProps<T> {
  of: T[];
  class: string;
  /** How many at a time. */
  step?: number;
  children: (each: T) => ComponentChildren;
}

const STEP = 200;

/** A long list, as much of it at a time as a page bears. */
export function More<T>({ of, children, step = STEP, ...rest }: MoreProps<T>) {
  const [n, setN] = useState(step);
  useEffect(() => setN(step), [of.length]);
  return (
    <>
      <ol {...rest}>{of.slice(0, n).map(children)}</ol>
      {of.length > n && (
        <p>
          <button type="button" class="toggle more-of" onClick={() => setN(n + Math.max(step, 50))}>
            {number(of.length - n)} more
          </button>
        </p>
      )}
    </>
  );
}
