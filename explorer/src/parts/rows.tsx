// One line for each kind of row that the API gives; each opens its report at the item.

import type { ComponentChildren } from 'preact';
import type { ActorRow, EventRow, FigureRow, StatementRow, TieRow } from '../record';
import { Link } from '../route';
import { amount, clip, count, day, days, months, plain } from '../words';
import { Act, Confidence, Sides } from './bits';

interface LineProps {
  row: { report: string; outlet: string | null; published: string | null; damaged: boolean };
  item: string;
  when: string;
  words: string;
  children: ComponentChildren;
}

const Line = ({ row, item, when, words, children }: LineProps) => (
  <li>
    <span class="when">{when}</span>
    <Link to={`/report/${encodeURIComponent(row.report)}#${encodeURIComponent(item)}`} class="row-link">
      {children}
      <span class="words">{clip(words)}</span>
      <span class="dim source">
        {[clip(row.outlet ?? '', 80), row.published && day(row.published)].filter(Boolean).join(', ')}
        {row.damaged && <span class="chip damage">damaged text</span>}
      </span>
    </Link>
  </li>
);

const told = (from: string | null, to: string | null, published: string | null) =>
  days(from, to) || day(published) || 'day unknown';

export const EventLine = ({ row: e }: { row: EventRow }) => (
  <Line row={e} item={e.event} when={told(e.from, e.to, e.published)} words={e.text}>
    <Act {...e} />
    <Sides {...e} />
    {e.place && <span class="fact">in {e.place}</span>}
    <Confidence value={e.confidence} />
  </Line>
);

export const StatementLine = ({ row: s }: { row: StatementRow }) => (
  <Line row={s} item={s.statement} when={told(s.from, s.to, s.published)} words={s.text}>
    <span class={s.speaker ? 'name' : 'untold'}>{s.speaker?.name ?? 'speaker not named'}</span>
    {s.speaker && <code>{s.speaker.code}</code>}
    <span class="dim">
      {s.stance ?? 'says'}
      {s.addressee && ` to ${s.addressee.name}`}
      {s.form === 'quoted' && ', in quotes'}
    </span>
  </Line>
);

export const FigureLine = ({ row: f }: { row: FigureRow }) => (
  <Line row={f} item={f.figure} when={day(f.published) || 'day unknown'} words={f.sentence || f.text}>
    <span class="amount">{amount(f)}</span>
    <span>{f.counted ?? (f.unit === 'percent' ? '' : f.unit)}</span>
    {f.speaker && <span class="dim">says {f.speaker}</span>}
  </Line>
);

const TREND = { rising: '↗ rising', falling: '↘ falling', steady: '→ steady' };

export const TieLine = ({ row: t }: { row: TieRow }) => (
  <Line row={t} item={t.tie} when={day(t.published) || 'day unknown'} words={t.text}>
    <span class="type tie">{plain(t.kind)}</span>
    {t.commodity && <span>{t.commodity}</span>}
    <Sides actors={[t.from]} recipients={[t.to]} mutual={['trade', 'alliance', 'rivalry'].includes(t.kind)} />
    {t.trend && <span class="dim">{TREND[t.trend]}</span>}
    {t.leans && <span class="dim">{t.leans} leans on the other more</span>}
  </Line>
);

export const ActorLine = ({ row: a }: { row: ActorRow }) => (
  <li>
    <span class="when">{months(a.from, a.to)}</span>
    <Link to={`/search?kind=episodes&either=${encodeURIComponent(a.code || a.name)}`} class="row-link">
      <span class="name">{a.name}</span> <code>{a.code}</code>
      <span class="dim">
        {count(a.episodes, 'episode')}, {count(a.deeds, 'deed')}; acts in {a.acting}, is acted on in{' '}
        {a.receiving}
      </span>
    </Link>
  </li>
);
