// Cooperation and conflict by month: bars up and down from one line.

import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Way } from '../record';
import { monthsOf } from '../scale';
import { number, plain, QUADS } from '../words';
import { axis, ink, useTheme } from './ink';

const HEIGHT = 130;

interface Props {
  way: Way;
  label: string;
  /** First and last month, as `2022-07`, shared by charts that stand together. */
  span: [string, string];
  /** Most episodes of a month, likewise. */
  most: number;
}

/** Bars are drawn over each other from the longest: the sum first, the verbal part on top of it. */
export function Months({ way, label, span, most }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const dark = useTheme();
  const months = monthsOf(span);
  const rows = byMonth(way, months);
  useEffect(() => {
    const at = months.map(middleOf);
    const sum = (...quads: number[]) => months.map((_, i) => quads.reduce((n, q) => n + rows[q]![i]!, 0));
    const down = (values: number[]) => values.map((n) => -n);
    const bars = uPlot.paths.bars!({ size: [0.72, 36] });
    const bar = (colour: string): uPlot.Series => ({
      paths: bars,
      points: { show: false },
      fill: ink(colour),
      stroke: ink(colour),
      width: 0,
    });
    const plot = new uPlot(
      {
        width: box.current!.clientWidth,
        height: HEIGHT,
        padding: [8, 30, 0, 0],
        cursor: { show: false },
        legend: { show: false },
        scales: {
          x: { time: true, range: () => [at[0]! - 1.4e6, at.at(-1)! + 1.4e6] },
          y: { range: () => [-most * 1.08, most * 1.08] },
        },
        axes: [
          {
            ...axis(),
            grid: { show: false },
            splits: (plot) => every(months, plot.width).map((m) => middleOf(m)),
            values: (_, at) => at.map(monthName),
          },
          {
            ...axis(),
            size: 34,
            incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000],
            values: (_, ticks) => ticks.map((n) => String(Math.abs(n))),
          },
        ],
        series: [
          {},
          bar('material-cooperation'),
          bar('verbal-cooperation'),
          bar('material-conflict'),
          bar('verbal-conflict'),
        ],
      },
      [at, sum(0, 1), sum(0), down(sum(2, 3)), down(sum(2))],
      box.current!,
    );
    const watch = new ResizeObserver(([entry]) => {
      if (entry) plot.setSize({ width: entry.contentRect.width, height: HEIGHT });
    });
    watch.observe(box.current!);
    return () => {
      watch.disconnect();
      plot.destroy();
    };
  }, [way, dark, span.join(), most]);
  return (
    <figure class="months">
      <figcaption>
        {label}
        <span class="key">
          {QUADS.map((quad) => (
            <span key={quad} class={quad}>
              <span class="dot" /> {plain(quad)} <b>{number(way[quad])}</b>
            </span>
          ))}
        </span>
      </figcaption>
      <div ref={box} role="img" aria-label={`${label}: episodes by month, cooperation up, conflict down`} />
    </figure>
  );
}

const middleOf = (month: string) => Date.parse(`${month}-15T00:00:00Z`) / 1000;

/** As many of the months as there is room for their names. */
function every(months: string[], width: number): string[] {
  const step = Math.ceil(months.length / Math.max(2, Math.floor(width / 64)));
  return months.filter((_, i) => i % step === 0);
}

const monthName = (at: number) =>
  new Date(at * 1000).toLocaleString('en', { month: 'short', year: 'numeric', timeZone: 'UTC' });

/** For each class the episodes of each month. */
function byMonth(way: Way, months: string[]): number[][] {
  const at = new Map(way.months.map((m) => [m.month, m]));
  return QUADS.map((quad) => months.map((month) => at.get(month)?.[quad] ?? 0));
}

/** Most episodes that a month has on one side of the line. */
export function busiest(way: Way): number {
  const sides = way.months.flatMap((m) => [
    m.verbal_cooperation + m.material_cooperation,
    m.verbal_conflict + m.material_conflict,
  ]);
  return Math.max(1, ...sides);
}
