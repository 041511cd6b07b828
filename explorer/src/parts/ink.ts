// The style sheet's colours for what is drawn on a canvas, in the theme of the moment.

import { useEffect, useState } from 'preact/hooks';
import type uPlot from 'uplot';

export function ink(name: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}

/** The axis of a chart. */
export function axis(): uPlot.Axis {
  return {
    stroke: ink('dim'),
    grid: { stroke: ink('rule'), width: 1 },
    ticks: { show: false },
    font: '11px system-ui, sans-serif',
  };
}

/** Changes whenever the theme does. */
export function useTheme(): boolean {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const [now, setNow] = useState(dark.matches);
  useEffect(() => {
    const changed = () => setNow(dark.matches);
    dark.addEventListener('change', changed);
    return () => dark.removeEventListener('change', changed);
  }, []);
  return now;
}
