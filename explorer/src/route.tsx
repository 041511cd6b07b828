// Addresses within the explorer, so that any view can be cited.

import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';

export interface Route {
  path: string[];
  query: URLSearchParams;
  /** The item that the address points at. */
  item: string;
}

function here(): Route {
  return {
    path: location.pathname.split('/').filter(Boolean).map(decodeURIComponent),
    query: new URLSearchParams(location.search),
    item: decodeURIComponent(location.hash.slice(1)),
  };
}

const MOVED = 'dyad:moved';

export function go(to: string, replace = false): void {
  if (replace) history.replaceState(null, '', to);
  else history.pushState(null, '', to);
  dispatchEvent(new Event(MOVED));
}

/** Changes one word of the query and stays on the page. */
export function ask(name: string, value: string): void {
  const query = new URLSearchParams(location.search);
  if (value) query.set(name, value);
  else query.delete(name);
  const words = query.toString();
  go(`${location.pathname}${words && `?${words}`}`, true);
}

export function useRoute(): Route {
  const [route, setRoute] = useState(here);
  useEffect(() => {
    const moved = () => setRoute(here());
    addEventListener('popstate', moved);
    addEventListener(MOVED, moved);
    return () => {
      removeEventListener('popstate', moved);
      removeEventListener(MOVED, moved);
    };
  }, []);
  return route;
}

interface LinkProps {
  to: string;
  class?: string;
  current?: boolean;
  title?: string;
  children: ComponentChildren;
}

export function Link({ to, current, children, ...rest }: LinkProps) {
  const click = (event: MouseEvent) => {
    if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(to);
    if (!to.includes('#')) scrollTo(0, 0);
  };
  return (
    <a href={to} onClick={click} aria-current={current ? 'page' : undefined} {...rest}>
      {children}
    </a>
  );
}
