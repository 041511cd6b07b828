// How two states depend on each other by trade tables, and what reports said of it.

import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useAnswer } from '../api';
import type { Dependences, Flow, TradeClaim, TradeYear } from '../record';
import { Link } from '../route';
import { count, day, number, plain } from '../words';
import { axis, ink, useTheme } from './ink';
import { More } from './more';

interface Props {
  a: string;
  b: string;
  names: [string, string];
}

/** Nothing at all where the service was started without a trade table. */
export function Trade({ a, b, names }: Props) {
  const asked = useAnswer<Dependences>(`dependence?between=${a},${b}`);
  const told = asked.value;
  if (!told || told.tables.length === 0) return null;
  return (
    <section class="trade">
      <h2>
        Trade by the tables{' '}
        <span class="n">
          {told.tables.join(', ')}
          {told.faulty > 0 && `, ${count(told.faulty, 'faulty row')} left out`}
        </span>
      </h2>
      {told.years.length === 0 ? (
        <p class="none">The tables tell nothing of the two.</p>
      ) : (
        <>
          <Balance years={told.years} names={names} claims={told.claims} />
          <div class="scroll" role="region" aria-label="Trade by year" tabIndex={0}>
            <Years years={told.years} names={names} />
          </div>
        </>
      )}
      {told.claims.length > 0 && (
        <>
          <h3>
            What reports said of it <span class="n">{count(told.claims.length, 'claim')}</span>
          </h3>
          <More of={[...told.claims].reverse()} class="lines" step={8}>
            {(claim) => <Said key={claim.report + claim.item} claim={claim} />}
          </More>
        </>
      )}
    </section>
  );
}

const percent = (share: number | null | undefined) =>
  share === null || share === undefined ? '–' : `${(100 * share).toFixed(1)} %`;

const points = (share: number) => `${Math.abs(100 * share).toFixed(1)} points`;

const UNITS: [number, string][] = [
  [1e12, 'tn'],
  [1e9, 'bn'],
  [1e6, 'm'],
  [1e3, 'k'],
];

/** Three digits and a unit: tables hold cents, people do not. */
export function money(value: number): string {
  const [scale, unit] = UNITS.find(([least]) => value >= least) ?? [1, ''];
  const scaled = value / scale;
  return `${scaled.toFixed(scaled >= 100 ? 0 : scaled >= 10 ? 1 : 2)} ${unit}`.trim();
}

interface BalanceProps {
  years: TradeYear[];
  names: [string, string];
  claims: TradeClaim[];
}

const HEIGHT = 190;

/** Of each one's trade the share with the other as lines, and their difference as bars. */
function Balance({ years, names, claims }: BalanceProps) {
  const box = useRef<HTMLDivElement>(null);
  const dark = useTheme();
  const claimed = new Set(claims.map((c) => c.year));
  useEffect(() => {
    const at = years.map((y) => y.year);
    const share = (side: 0 | 1) => years.map((y) => times(y.sides[side].trade_share));
    const bars = uPlot.paths.bars!({ size: [0.5, 30] });
    const line = (colour: string): uPlot.Series => ({
      stroke: ink(colour),
      width: 2,
      points: { show: true, size: 6, fill: ink(colour) },
    });
    const plot = new uPlot(
      {
        width: box.current!.clientWidth,
        height: HEIGHT,
        padding: [10, 8, 0, 0],
        cursor: { show: false },
        legend: { show: false },
        scales: { x: { time: false, range: () => [at[0]! - 0.6, at.at(-1)! + 0.6] } },
        axes: [
          { ...axis(), grid: { show: false }, incrs: [1, 2, 5, 10, 20], values: (_, ticks) => ticks.map(String) },
          { ...axis(), size: 44, values: (_, ticks) => ticks.map((n) => `${n} %`) },
        ],
        series: [
          {},
          { paths: bars, fill: ink('tie'), stroke: ink('tie'), width: 0, points: { show: false } },
          line('verbal-cooperation'),
          line('verbal-conflict'),
          {
            stroke: ink('ink'),
            paths: () => null,
            points: { show: true, size: 9, stroke: ink('ink'), fill: ink('sheet') },
          },
        ],
      },
      [
        at,
        years.map((y) => times(y.asymmetry)),
        share(0),
        share(1),
        at.map((year) => (claimed.has(year) ? 0 : null)),
      ],
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
  }, [years, claims, dark]);
  return (
    <figure class="months">
      <figcaption>
        Balance of dependence
        <span class="key">
          {names.map((name, i) => (
            <span key={name}>
              <span class={`stroke s-${i}`} /> {name}: share of its trade with the other
            </span>
          ))}
          <span>
            <span class="stroke s-2" /> above 0 {names[0]} leans more
          </span>
          {claimed.size > 0 && (
            <span>
              <span class="ring" /> a report says so
            </span>
          )}
        </span>
      </figcaption>
      <div
        ref={box}
        role="img"
        aria-label={`${names[0]} and ${names[1]}: shares of trade by year; the table below holds the same`}
      />
    </figure>
  );
}

const times = (share: number | null) => (share === null ? null : 100 * share);

const Years = ({ years, names }: { years: TradeYear[]; names: [string, string] }) => (
  <table class="numbers">
    <thead>
      <tr>
        <th>Year</th>
        {names.flatMap((name) => [
          <th key={`${name} x`} class="num">
            {name} sells
          </th>,
          <th key={`${name} m`} class="num">
            {name} buys
          </th>,
        ])}
        <th class="num">Leans more</th>
        <th class="num" title="√ of both shares of trade, times 1 − their difference">
          Interdependence
        </th>
      </tr>
    </thead>
    <tbody>
      {[...years].reverse().map((y) => (
        <tr key={y.year}>
          <th scope="row">{y.year}</th>
          {y.sides.flatMap((side) => [
            <Amount key={`${side.state} x`} flow={side.exports} />,
            <Amount key={`${side.state} m`} flow={side.imports} />,
          ])}
          <td class="num">
            {y.asymmetry === null
              ? '–'
              : y.leans
                ? `${y.leans}, ${points(y.asymmetry)}`
                : 'even'}
          </td>
          <td class="num">{y.interdependence === null ? '–' : y.interdependence.toFixed(3)}</td>
        </tr>
      ))}
    </tbody>
  </table>
);

const Amount = ({ flow }: { flow: Flow | null }) => (
  <td class="num">
    {flow ? (
      <>
        {money(flow.value)} <span class="dim">{percent(flow.share)}</span>
        {flow.basis === 'mirror' && <span class="dim"> as partners tell</span>}
        {flow.months !== null && <span class="dim"> of {count(flow.months, 'month')}</span>}
      </>
    ) : (
      '–'
    )}
  </td>
);

function Said({ claim: c }: { claim: TradeClaim }) {
  const read = [
    c.from && c.to ? `${plain(c.kind)} ${c.from} → ${c.to}` : plain(c.kind),
    c.commodity,
    c.trend,
    c.leans && `${c.leans} leans more`,
    c.value !== null && `${number(c.value)} ${c.unit === 'percent' ? '%' : (c.unit ?? '')}`,
    c.change,
    c.speaker && `says ${c.speaker}`,
  ].filter(Boolean);
  return (
    <li>
      <span class="when">{day(c.published) || 'day unknown'}</span>
      <div>
        <Link to={`/report/${encodeURIComponent(c.report)}#${encodeURIComponent(c.item)}`} class="row-link">
          <span class="type tie">{read.join(', ')}</span>
          <span class="words">{c.text}</span>
          <span class="dim source">
            {c.outlet ?? c.title}
            {c.damaged && <span class="chip damage">damaged text</span>}
          </span>
        </Link>
        {c.beside.length === 0 ? (
          <p class="table-says dim">The tables have nothing to set beside it.</p>
        ) : (
          c.beside.map((x, i) => (
            <p key={i} class="table-says">
              <span class="dim">tables, {x.year}:</span> {plain(x.measure)}
              {x.of && ` of ${x.of}`} <b>{value(x)}</b>{' '}
              {x.agrees !== null && (
                <span class={`chip ${x.agrees ? '' : 'dispute'}`}>
                  {x.agrees ? 'points the same way' : 'points the other way'}
                </span>
              )}
            </p>
          ))
        )}
      </div>
    </li>
  );
}

function value({ measure, value }: TradeClaim['beside'][0]): string {
  const sign = value > 0 ? '+' : value < 0 ? '−' : '';
  if (measure === 'trade') return money(value);
  if (measure === 'trade_change') return `${sign}${percent(Math.abs(value))}`;
  if (measure === 'asymmetry') return `${sign}${points(value)}`;
  return percent(value);
}
