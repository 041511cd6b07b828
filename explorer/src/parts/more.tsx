import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { number } from '../words';

interface MoreProps<T> {
  of: T[];
  class: string;
  children: (each: T) => ComponentChildren;
}

const STEP = 200;

/** A long list, as much of it at a time as a page bears. */
export function More<T>({ of, children, ...rest }: MoreProps<T>) {
  const [n, setN] = useState(STEP);
  useEffect(() => setN(STEP), [of]);
  return (
    <>
      <ol {...rest}>{of.slice(0, n).map(children)}</ol>
      {of.length > n && (
        <p>
          <button type="button" class="toggle more-of" onClick={() => setN(n + STEP)}>
            {number(of.length - n)} more
          </button>
        </p>
      )}
    </>
  );
}
