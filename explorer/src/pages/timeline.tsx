import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useAnswer } from '../api';
import { Act, QuadDot, Sides, Waiting } from '../parts/bits';
import { RowsOf } from '../parts/list';
import { More } from '../parts/more';
import type { Dot, Episode, Quad, Summary, Timeline } from '../record';
import { ask, go, Link, type Route } from '../route';
import { dayNumber, isoDay, swarm, ticks } from '../scale';
import { capital, count, days, names, number, plain, QUADS } from '../words';

/** The middle of the days on which it may have been. */
const middle = (e: Dot) => (dayNumber(e.from) + dayNumber(e.to)) / 2;

export function TimelinePage({ route }: { route: Route }) {
  const { query } = route;
  const pair = (query.get('pair') ?? '').split('-').filter(Boolean);
  const deeds = query.get('all') === null;
  const words = new URLSearchParams();
  if (pair.length === 1) words.set('either', pair[0]!);
  if (pair.length === 2) words.set('between', pair.join(','));
  if (deeds) words.set('deeds', 'true');
  const list = new URLSearchParams(words);
  for (const name of ['from', 'to']) {
    const day = query.get(name);
    if (day) words.set(name, day);
  }
  const asked = useAnswer<Timeline>(`timeline?${words}`);
  const known = useAnswer<Summary>('summary?dyads=1000').value?.dyads ?? [];
  const codes = [...new Set([...known.flatMap((d) => [d.from, d.to]), ...pair])].sort();
  const told = asked.value;
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
              {codes.map((code) => (
                <option key={code}>{code}</option>
              ))}
            </select>
          </label>
        ))}
        {(['from', 'to'] as const).map((name) => (
          <label key={name}>
            {name === 'from' ? 'From' : 'to'}{' '}
            <input
              type="date"
              value={told?.[name] ?? query.get(name) ?? ''}
              onChange={(e) => ask(name, e.currentTarget.value)}
            />
          </label>
        ))}
        <label class="check">
          <input
            type="checkbox"
            checked={!deeds}
            onChange={(e) => ask('all', e.currentTarget.checked ? '1' : '')}
          />{' '}
          also what was planned, called for, refused
        </label>
      </div>
      {told ? <Shown told={told} deeds={deeds} list={list} /> : <Waiting asked={asked} />}
    </main>
  );
}

function Shown({ told, deeds, list }: { told: Timeline; deeds: boolean; list: URLSearchParams }) {
  const few = told.dots.length === told.episodes;
  return (
    <>
      <p class="dim">
        {count(told.episodes, 'episode')}
        {told.earlier > 0 && `, ${number(told.earlier)} earlier`}
        {told.later > 0 && `, ${number(told.later)} later`}
        {few
          ? '. One dot is one happening; the more voices tell it, the larger it is.'
          : '. A bar counts the happenings of some days; choose one to look closer.'}
        {!deeds && ' What is hollow did not happen, or not yet.'}
      </p>
      {few ? <Dots told={told} /> : <Bars told={told} />}
      {few ? (
        <More of={told.dots} class="days">
          {(e) => <Line key={e.id} episode={e} />}
        </More>
      ) : (
        <RowsOf<Episode>
          path={`episodes?${list}&from=${told.from}&to=${told.to}`}
          step={50}
          class="days"
          noun="episode"
        >
          {(e) => <Line key={e.id} episode={e} />}
        </RowsOf>
      )}
    </>
  );
}

const Line = ({ episode: e }: { episode: Dot | Episode }) => (
  <li>
    <span class="when">{days(e.from, e.to)}</span>
    <Link to={`/episode/${e.id}`} class="row-link">
      <Act {...e} />
      <Sides {...e} />
    </Link>
  </li>
);

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
        {x(t.at) < width - 30 && (
          <text x={x(t.at) + 3} y={height + 16}>
            {t.label}
          </text>
        )}
      </g>
    ))}
  </>
);

const radius = (e: Dot) => 3.5 + 2 * Math.sqrt(e.voices - 1);

/** Each episode a dot, one lane for each class. */
function Dots({ told }: { told: Timeline }) {
  const [box, width] = useWidth();
  const [pointed, setPointed] = useState<Dot | null>(null);
  const [lo, hi] = [dayNumber(told.from), dayNumber(told.to) + 1];
  const x = scale(lo, hi, width);
  let top = 0;
  const lanes = QUADS.map((quad: Quad) => {
    const mine = told.dots.filter((e) => e.quad === quad).sort((a, b) => middle(a) - middle(b));
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
            <text x={8} y={lane.top + 14}>
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
            {pointed.disagreements > 0 && ` · ${count(pointed.disagreements, 'disagreement')}`}
          </>
        ) : (
          <span class="dim">Point at a dot to see what it stands for; choose it to open it.</span>
        )}
      </p>
    </div>
  );
}

const BAR_LANE = 96;

/** Counts of episodes in bins of days, one lane for each class, all lanes to one scale. */
function Bars({ told }: { told: Timeline }) {
  const [box, width] = useWidth();
  const { bars, step } = told;
  const [lo, hi] = [dayNumber(told.from), dayNumber(told.to) + 1];
  const x = scale(lo, hi, width);
  const most = Math.max(...bars.map((b) => b.episodes));
  const tall = (n: number) => (n / most) * (BAR_LANE - 24);
  const wide = Math.max(2, x(lo + step) - x(lo) - 2);
  const last = (from: string) => isoDay(dayNumber(from) + step - 1);
  const close = (from: string) => {
    const query = new URLSearchParams(location.search);
    query.set('from', from);
    query.set('to', last(from));
    go(`/timeline?${query}`);
  };
  const height = QUADS.length * BAR_LANE;
  return (
    <div class="chart" ref={box}>
      <svg width={width} height={height + 24} role="group" aria-label="Episodes by days and quad class">
        <Ticks lo={lo} hi={hi} x={x} width={width} height={height} />
        {QUADS.map((quad, i) => {
          const mine = bars.filter((b) => b.quad === quad);
          const floor = (i + 1) * BAR_LANE;
          return (
            <g key={quad} class={`lane ${quad}`}>
              <line class="rule" x1={0} x2={width} y1={floor} y2={floor} />
              <text x={8} y={floor - BAR_LANE + 14}>
                {capital(plain(quad))} {number(mine.reduce((sum, b) => sum + b.episodes, 0))}
              </text>
              {mine.map((b) => {
                const label = `${days(b.from, last(b.from))}: ${count(b.episodes, 'episode')}, ${count(b.deeds, 'deed')}`;
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
                      x={x(dayNumber(b.from))}
                      y={floor - tall(b.episodes)}
                      width={wide}
                      height={tall(b.episodes)}
                    />
                    <rect
                      x={x(dayNumber(b.from))}
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
