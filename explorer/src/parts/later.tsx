import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { begin } from '../api';

/** A page whose code is fetched when it is first opened: charts and maps are large. Meanwhile the API is
 * asked what the page will want to know. */
export function later<P extends object>(
  load: () => Promise<ComponentType<P>>,
  wanted: (props: P) => string,
): ComponentType<P> {
  let known: ComponentType<P> | null = null;
  return (props: P) => {
    const [Page, setPage] = useState<ComponentType<P> | null>(() => known);
    useEffect(() => {
      if (known) return;
      begin(wanted(props));
      void load().then((page) => {
        known = page;
        setPage(() => page);
      });
    }, []);
    return Page ? <Page {...props} /> : <main class="wide" aria-busy="true" />;
  };
}
