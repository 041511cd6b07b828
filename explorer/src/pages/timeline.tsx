import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useAnswer } from '../api';
import { Act, QuadDot, Sides, Waiting } from '../parts/bits';
import { More } from '../parts/more';
import type { Episode, Quad } from '../record';
import { ask, go, Link, type Route } from '../route';
import { dayNumber, isoDay, swarm, ticks } from '../scale';
import { capital, count, days, names, plain, QUADS } from '../words';

/** Codes of the countries of both sides of an episode. */
function countries(e: Episode): Set<string> {
  return new Set([...e.actors, ...e.recipients].flatMap((p) => p.country ?? []));
}

/** The middle of the days on which it may have been. */
function middle(e: Episode): number {
  return (dayNumber(e.from!) + dayNumber(e.to!)) / 2;
}

export function TimelinePage({ route }: { route: Route }) {
  const asked = useAnswer<Episode[]>('episodes?limit=100000');
  if (!asked.value) {
    return (
      <main class="column">
        <h1>Timeline</h1>
        <Waiting asked={asked} />
      </main>
    );
  }
  return <Timeline all={asked.value} query={route.query} />;
}

function Timeline({ all, query }: { all: Episode[]; query: URLSearchParams }) {
  const pair = (query.get('pair') ?? '').split('-').filter(Boolean);
  const deeds = query.get('all') === null;
  const known = [...new Set(all.flatMap((e) => [...countries(e)]))].sort();
  const dated = all.filter((e) => e.from && e.to && (e.deed || !deeds));
  const mine = dated.filter((e) => pair.every((code) => countries(e).has(code)));
  const [lo, hi] = span(mine, query.get('from'), query.get('to'));
  const shown = mine.filter((e) => middle(e) >= lo && middle(e) <= hi);
  const earlier = mine.filter((e) => middle(e) < lo).length;
  const later = mine.filter((e) => middle(e) > hi).length;
  const choose = (i: number, code: string) => {
    const next = [...pair];
    if (code) next[i] = code;
    else next.splice(i, 1);
    ask('pair', next.filter(Boolean).join('-'));
  };
  return (
    <main class="wide">
      <h1>Timeline</h1>
      <div class="row filters">
        {[0, 1].map((i) => (
          <label key={i}>
            {i === 0 ? 'Between' : 'and'}{' '}
            <select
              value={pair[i] ?? ''}
              disabled={i === 1 && !pair[0]}
              onChange={(e) => choose(i, e.currentTarget.value)}
            >
              <option value="">anyone</option>
              {known.map((code) => (
                <option key={code}>{code}</option>
              ))}
            </select>
          </label>
        ))}
        <label>
          From{' '}
          <input
            type="date"
            value={isoDay(lo)}
            onChange={(e) => ask('from', e.currentTarget.value)}
          />
        </label>
        <label>
          to{' '}
          <input type="date" value={isoDay(hi)} onChange={(e) => ask('to', e.currentTarget.value)} />
        </label>
        <label class="check">
          <input
            type="checkbox"
            checked={!deeds}
            onChange={(e) => ask('all', e.currentTarget.checked ? '1' : '')}
          />{' '}
          also what was planned, called for, refused
        </label>
      </div>
      <p class="dim">
        {count(shown.length, 'episode')}
        {earlier > 0 && `, ${earlier} earlier`}
        {later > 0 && `, ${later} later`}
        {shown.length > MOST_DOTS
          ? '. A bar counts the happenings of some days; choose one to look closer.'
          : '. One dot is one happening; the more voices tell it, the larger it is.'}
        {!deeds && ' What is hollow did not happen, or not yet.'}
      </p>
      {shown.length > MOST_DOTS ? (
        <Bars episodes={shown} lo={lo} hi={hi} />
      ) : (
        <Dots episodes={shown} lo={lo} hi={hi} />
      )}
      <More of={shown} class="days">
        {(e) => (
          <li key={e.id}>
            <span class="when">{days(e.from, e.to)}</span>
            <Link to={`/episode/${e.id}`} class="row-link">
              <Act {...e} />
              <Sides {...e} />
            </Link>
          </li>
        )}
      </More>
    </main>
  );
}

/** The days to show: those asked for, else where nearly all episodes are, so that one act of 1945
 * does not press all others to the edge. */
function span(episodes: Episode[], from: string | null, to: string | null): [number, number] {
  const at = episodes.map(middle).sort((a, b) => a - b);
  const pick = (q: number) => at[Math.round(q * (at.length - 1))] ?? dayNumber('2023-01-01');
  const spare = 7;
  const low = from ? dayNumber(from) : Math.floor(pick(0.04)) - spare;
  const high = to ? dayNumber(to) : Math.ceil(pick(0.98)) + spare;
  return [Math.min(low, high), Math.max(low, high, low + 1)];
}

function useWidth(): [RefObject<HTMLDivElement | null>, number] {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(900);
  useEffect(() => {
    const watch = new ResizeObserver(([entry]) => entry && setWidth(entry.contentRect.width));
    if (box.current) watch.observe(box.current);
    return () => watch.disconnect();
  }, []);
  return [box, width];
}

const scale = (lo: number, hi: number, width: number) => (day: number) =>
  12 + ((day - lo) / (hi - lo)) * (width - 24);

interface TicksProps {
  lo: number;
  hi: number;
  x: (day: number) => number;
  width: number;
  height: number;
}

const Ticks = ({ lo, hi, x, width, height }: TicksProps) => (
  <>
    {ticks(lo, hi, Math.max(3, Math.floor(width / 70))).map((t) => (
      <g key={t.at} class="tick">
        <line x1={x(t.at)} x2={x(t.at)} y1={0} y2={height} />
        <text x={x(t.at) + 3} y={height + 16}>
          {t.label}
        </text>
      </g>
    ))}
  </>
);

/** More dots than this are a blot. */
const MOST_DOTS = 1200;

const radius = (e: Episode) => 3.5 + 2 * Math.sqrt(e.voices - 1);

/** Each episode a dot, one lane for each class. */
function Dots({ episodes, lo, hi }: { episodes: Episode[]; lo: number; hi: number }) {
  const [box, width] = useWidth();
  const [pointed, setPointed] = useState<Episode | null>(null);
  const x = scale(lo, hi, width);
  let top = 0;
  const lanes = QUADS.map((quad: Quad) => {
    const mine = episodes.filter((e) => e.quad === quad).sort((a, b) => middle(a) - middle(b));
    const ys = swarm(mine.map((e) => ({ x: x(middle(e)), r: radius(e) })));
    const half = Math.max(16, ...ys.map((y, i) => Math.abs(y) + radius(mine[i]!))) + 6;
    const lane = { quad, mine, ys, top, height: 2 * half + 18, axis: top + 18 + half };
    top += lane.height;
    return lane;
  });
  return (
    <div class="chart" ref={box}>
      <svg width={width} height={top + 24} role="group" aria-label="Episodes by day and quad class">
        <Ticks lo={lo} hi={hi} x={x} width={width} height={top} />
        {lanes.map((lane) => (
          <g key={lane.quad} class={`lane ${lane.quad}`}>
            <line class="rule" x1={0} x2={width} y1={lane.top} y2={lane.top} />
            <text x={2} y={lane.top + 14}>
              {capital(plain(lane.quad))} {lane.mine.length}
            </text>
            {lane.mine.map((e, i) => (
              <circle
                key={e.id}
                cx={x(middle(e))}
                cy={lane.axis + lane.ys[i]!}
                r={radius(e)}
                data-hollow={!e.deed || undefined}
                tabindex={0}
                role="link"
                aria-label={`${days(e.from, e.to)}: ${e.type}, ${names(e.actors)} ${names(e.recipients)}`}
                onMouseEnter={() => setPointed(e)}
                onMouseLeave={() => setPointed(null)}
                onFocus={() => setPointed(e)}
                onBlur={() => setPointed(null)}
                onClick={() => go(`/episode/${e.id}`)}
                onKeyDown={(k) => k.key === 'Enter' && go(`/episode/${e.id}`)}
              />
            ))}
          </g>
        ))}
      </svg>
      <p class="pointed" aria-live="polite">
        {pointed ? (
          <>
            <QuadDot quad={pointed.quad} hollow={!pointed.deed} /> {days(pointed.from, pointed.to)} ·{' '}
            {pointed.type} · {names(pointed.actors) || 'not told'}
            {pointed.recipients.length > 0 && ` → ${names(pointed.recipients)}`}
            {pointed.voices > 1 && ` · ${count(pointed.voices, 'voice')}`}
            {pointed.disagreements.length > 0 &&
              ` · ${count(pointed.disagreements.length, 'disagreement')}`}
          </>
        ) : (
          '\u00a0'
        )}
      </p>
    </div>
  );
}

const BAR_LANE = 96;

/** Counts of episodes in bins of days, one lane for each class, all lanes to one scale. */
function Bars({ episodes, lo, hi }: { episodes: Episode[]; lo: number; hi: number }) {
  const [box, width] = useWidth();
  const x = scale(lo, hi, width);
  const step = Math.max(1, Math.ceil((hi - lo) / Math.max(12, width / 12)));
  const bins = new Map<string, { quad: Quad; from: number; deeds: number; all: number }>();
  for (const e of episodes) {
    const from = lo + Math.floor((middle(e) - lo) / step) * step;
    const key = `${e.quad} ${from}`;
    const bin = bins.get(key) ?? { quad: e.quad, from, deeds: 0, all: 0 };
    bin.all += 1;
    bin.deeds += e.deed ? 1 : 0;
    bins.set(key, bin);
  }
  const most = Math.max(...[...bins.values()].map((b) => b.all));
  const tall = (n: number) => (n / most) * (BAR_LANE - 24);
  const wide = Math.max(2, x(lo + step) - x(lo) - 2);
  const close = (from: number) => {
    const query = new URLSearchParams(location.search);
    query.set('from', isoDay(from));
    query.set('to', isoDay(from + step - 1));
    go(`/timeline?${query}`);
  };
  const height = QUADS.length * BAR_LANE;
  return (
    <div class="chart" ref={box}>
      <svg width={width} height={height + 24} role="group" aria-label="Episodes by days and quad class">
        <Ticks lo={lo} hi={hi} x={x} width={width} height={height} />
        {QUADS.map((quad, i) => {
          const mine = [...bins.values()].filter((b) => b.quad === quad);
          const floor = (i + 1) * BAR_LANE;
          return (
            <g key={quad} class={`lane ${quad}`}>
              <line class="rule" x1={0} x2={width} y1={floor} y2={floor} />
              <text x={2} y={floor - BAR_LANE + 14}>
                {capital(plain(quad))} {mine.reduce((sum, b) => sum + b.all, 0)}
              </text>
              {mine.map((b) => {
                const label = `${days(isoDay(b.from), isoDay(b.from + step - 1))}: ${count(b.all, 'episode')}, ${count(b.deeds, 'deed')}`;
                return (
                  <g
                    key={b.from}
                    class="bar"
                    tabindex={0}
                    role="link"
                    aria-label={label}
                    onClick={() => close(b.from)}
                    onKeyDown={(k) => k.key === 'Enter' && close(b.from)}
                  >
                    <title>{label}</title>
                    <rect
                      data-hollow
                      x={x(b.from)}
                      y={floor - tall(b.all)}
                      width={wide}
                      height={tall(b.all)}
                    />
                    <rect
                      x={x(b.from)}
                      y={floor - tall(b.deeds)}
                      width={wide}
                      height={tall(b.deeds)}
                    />
                  </g>
                );
              })}
            </g>
          );
        })}
      </svg>
    </div>
  );
}
