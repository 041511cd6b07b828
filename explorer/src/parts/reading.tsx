// One report as published, with everything that was read from it in the words and beside them.

import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type {
  Actor,
  Event,
  EventTime,
  Figure,
  Party,
  Place,
  Record,
  Statement,
  Tie,
  Time,
} from '../record';
import { type Layer, type Mark, marks, paragraphs, type Segment, Text, timeId } from '../segments';
import { amount, capital, clip, days, isDeed, plain } from '../words';
import { Act, Confidence, Sides } from './bits';
import { Endless } from './endless';

type Group = 'events' | 'statements' | 'figures' | 'ties' | 'actors' | 'places' | 'times';

const GROUPS: { name: Group; layers: Layer[] }[] = [
  { name: 'events', layers: ['event', 'trigger'] },
  { name: 'statements', layers: ['statement', 'source', 'cue'] },
  { name: 'figures', layers: ['figure'] },
  { name: 'ties', layers: ['tie'] },
  { name: 'actors', layers: ['actor'] },
  { name: 'places', layers: ['place'] },
  { name: 'times', layers: ['time'] },
];

/** Items that tell something about the world come before those that they are made of. */
const WEIGHT: { [layer in Layer]: number } = {
  trigger: 0,
  figure: 1,
  event: 2,
  statement: 3,
  tie: 4,
  cue: 5,
  source: 5,
  time: 6,
  place: 7,
  actor: 8,
  furniture: 9,
  damaged: 9,
};

/** As in style.css. */
const NARROW = '(max-width: 60rem)';

interface Props {
  record: Record;
  /** The item to begin with. */
  item: string;
  onItem?: (item: string) => void;
}

export function Reading({ record, item, onItem }: Props) {
  const [pinned, setPinned] = useState(item);
  const [pointed, setPointed] = useState('');
  const [hidden, setHidden] = useState<ReadonlySet<Group>>(new Set<Group>(['actors']));
  const all = useMemo(() => marks(record), [record]);
  const shown = useMemo(
    () => paragraphs(new Text(record.report.text), all),
    [record, all],
  );
  const active = pointed || pinned;
  const panel = useRef<HTMLElement>(null);

  const pin = (id: string, from: 'text' | 'panel') => {
    const next = id === pinned ? '' : id;
    setPinned(next);
    onItem?.(next);
    // On a narrow screen the panel is far below, and the item's card shows instead.
    if (!next || (from === 'text' && matchMedia(NARROW).matches)) return;
    const selector = CSS.escape(next);
    const target =
      from === 'text'
        ? panel.current?.querySelector(`[data-id="${selector}"]`)
        : document.querySelector(`.report-text [data-items~="${selector}"]`);
    target?.scrollIntoView({ block: 'nearest', behavior: 'smooth' });
  };

  useEffect(() => {
    setPinned(item);
    if (!item) return;
    const selector = CSS.escape(item);
    document
      .querySelector(`.report-text [data-items~="${selector}"]`)
      ?.scrollIntoView({ block: 'nearest' });
    panel.current?.querySelector(`[data-id="${selector}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [item, record]);

  // j and k walk the items, Escape lets go.
  useEffect(() => {
    const key = (event: KeyboardEvent) => {
      const field = (event.target as Element).closest('input, textarea, select');
      if (field || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === 'Escape') return setPinned('');
      const step = event.key === 'j' ? 1 : event.key === 'k' ? -1 : 0;
      if (!step) return;
      const buttons = [...(panel.current?.querySelectorAll<HTMLElement>('button.item') ?? [])];
      const at = buttons.findIndex((b) => b.dataset.id === pinned);
      const next = at < 0 ? (step > 0 ? 0 : buttons.length - 1) : at + step;
      const button = buttons[next];
      if (!button) return;
      button.focus();
      if (button.dataset.id !== pinned) pin(button.dataset.id ?? '', 'panel');
    };
    addEventListener('keydown', key);
    return () => removeEventListener('keydown', key);
  });

  const toggle = (group: Group) => {
    const next = new Set(hidden);
    if (!next.delete(group)) next.add(group);
    setHidden(next);
  };
  const layers = new Set<Layer>(['furniture', 'damaged']);
  for (const g of GROUPS) if (!hidden.has(g.name)) g.layers.forEach((layer) => layers.add(layer));

  const tools: Tools = { record, active, pinned, pin: (id) => pin(id, 'panel'), point: setPointed };
  return (
    <div class="reading">
      <div class="page">
        <Legend record={record} hidden={hidden} toggle={toggle} />
        <article
          class="report-text"
          lang={record.report.language}
          onMouseLeave={() => setPointed('')}
        >
          {shown.map((segments, i) => (
            // Not `unicode-bidi: plaintext`, over which Chromium hangs where a word never ends.
            <p key={i} dir="auto" class={segments.every((s) => isFurniture(s)) ? 'furniture' : undefined}>
              {segments.map((segment, j) => (
                <Run
                  key={j}
                  segment={segment}
                  layers={layers}
                  active={active}
                  point={setPointed}
                  pin={(id) => pin(id, 'text')}
                />
              ))}
            </p>
          ))}
        </article>
      </div>
      <aside class="panel" aria-label="What was read" ref={panel}>
        <Panel tools={tools} />
      </aside>
      {pinned && (
        <ul class="card" aria-label="The chosen item">
          <ItemOf tools={{ ...tools, active: '' }} id={pinned} />
        </ul>
      )}
    </div>
  );
}

const isFurniture = (segment: Segment) => segment.marks.some((m) => m.layer === 'furniture');

interface RunProps {
  segment: Segment;
  layers: ReadonlySet<Layer>;
  active: string;
  point: (id: string) => void;
  pin: (id: string) => void;
}

function Run({ segment, layers, active, point, pin }: RunProps) {
  const here = segment.marks.filter((m) => layers.has(m.layer));
  const mine = segment.marks.filter((m) => m.item && m.item === active);
  if (here.length === 0 && mine.length === 0) return <Endless text={segment.text} />;
  const classes = here.map((m) => `m-${m.layer}`);
  // Under several events the nearest one, whose evidence is shortest, gives the colour.
  const isEvent = (m: Mark) => m.layer === 'event' || m.layer === 'trigger';
  const event = mine.find(isEvent) ?? here.find((m) => m.layer === 'trigger') ?? here.find(isEvent);
  if (event) classes.push(event.note);
  if (mine.length) classes.push('active', `a-${mine[0]!.layer}`);
  if (mine.some((m) => m.layer === 'trigger' || m.layer === 'cue')) classes.push('core');
  const first = here
    .filter((m): m is Mark & { item: string } => m.item !== null)
    .sort((a, b) => WEIGHT[a.layer] - WEIGHT[b.layer])[0];
  const why = here.find((m) => m.layer === 'damaged' || m.layer === 'furniture');
  return (
    <span
      class={[...new Set(classes)].join(' ')}
      data-items={[...new Set(segment.marks.map((m) => m.item).filter(Boolean))].join(' ')}
      title={why && `${why.layer}: ${why.note}`}
      onMouseEnter={() => point(first?.item ?? '')}
      onClick={() => first && getSelection()?.isCollapsed !== false && pin(first.item)}
    >
      <Endless text={segment.text} />
    </span>
  );
}

interface LegendProps {
  record: Record;
  hidden: ReadonlySet<Group>;
  toggle: (group: Group) => void;
}

function Legend({ record, hidden, toggle }: LegendProps) {
  return (
    <div class="legend" role="group" aria-label="What to mark in the text">
      {GROUPS.filter((g) => record[g.name].length > 0).map(({ name }) => (
        <button
          key={name}
          type="button"
          class={`toggle t-${name}`}
          aria-pressed={!hidden.has(name)}
          onClick={() => toggle(name)}
        >
          {name} <span class="n">{record[name].length}</span>
        </button>
      ))}
    </div>
  );
}

interface Tools {
  record: Record;
  active: string;
  pinned: string;
  pin: (id: string) => void;
  point: (id: string) => void;
}

interface ItemProps {
  tools: Tools;
  id: string;
  damaged?: boolean;
  children: ComponentChildren;
  /** What is shown once the item is chosen. */
  more?: ComponentChildren;
}

function Item({ tools, id, damaged, children, more }: ItemProps) {
  const open = tools.pinned === id;
  return (
    <li>
      <button
        type="button"
        class="item"
        data-id={id}
        data-active={tools.active === id || undefined}
        aria-expanded={open}
        onClick={() => tools.pin(id)}
        onMouseEnter={() => tools.point(id)}
        onMouseLeave={() => tools.point('')}
        onFocus={() => tools.point(id)}
        onBlur={() => tools.point('')}
      >
        {children}
        {damaged && <span class="chip damage">stands on damaged text</span>}
        {open && more && <span class="more">{more}</span>}
      </button>
    </li>
  );
}

function Panel({ tools }: { tools: Tools }) {
  const { record } = tools;
  const none = GROUPS.every((g) => record[g.name].length === 0);
  const items = (group: Group) => {
    const all = record[group].map((each, i) => ('id' in each ? each.id : timeId(i)));
    if (group !== 'events') return all;
    return [...record.events].sort((a, b) => a.trigger.start - b.trigger.start).map((e) => e.id);
  };
  return (
    <>
      {none && <p class="none">Nothing was read from this text.</p>}
      {GROUPS.filter((g) => record[g.name].length > 0).map(({ name }) => (
        <section key={name}>
          <h2>
            {capital(name)} <span class="n">{record[name].length}</span>
          </h2>
          <ul>
            {items(name).map((id) => (
              <ItemOf key={id} tools={tools} id={id} />
            ))}
          </ul>
        </section>
      ))}
      <About record={record} />
    </>
  );
}

function ItemOf({ tools, id }: { tools: Tools; id: string }) {
  const { record } = tools;
  const is = (each: { id: string }) => each.id === id;
  const event = record.events.find(is);
  if (event) return <EventItem tools={tools} event={event} />;
  const statement = record.statements.find(is);
  if (statement) return <StatementItem tools={tools} statement={statement} />;
  const figure = record.figures.find(is);
  if (figure) return <FigureItem tools={tools} figure={figure} />;
  const tie = record.ties.find(is);
  if (tie) return <TieItem tools={tools} tie={tie} />;
  const actor = record.actors.find(is);
  if (actor) return <ActorItem tools={tools} actor={actor} />;
  const place = record.places.find(is);
  if (place) return <PlaceItem tools={tools} place={place} />;
  const time = record.times.find((_, i) => timeId(i) === id);
  return time ? <TimeItem tools={tools} id={id} time={time} /> : null;
}

function About({ record }: { record: Record }) {
  const { reader, notes } = record;
  return (
    <section class="about">
      {notes.length > 0 && (
        <>
          <h2>Doubts</h2>
          <ul>
            {notes.map((note, i) => (
              <li key={i}>{note}</li>
            ))}
          </ul>
        </>
      )}
      <p class="dim">
        Read by dyad {reader.program}, model {reader.model || 'none'}. Press <kbd>j</kbd> and{' '}
        <kbd>k</kbd> to walk through the items, <kbd>Esc</kbd> to let go.
      </p>
    </section>
  );
}

const actorOf = (record: Record, id: string | null) => record.actors.find((a) => a.id === id);

function parties(record: Record, ids: string[]): Party[] {
  return ids.flatMap((id) => actorOf(record, id) ?? []);
}

const BASIS = { stated: '', inherited: 'from the context', published: 'by the day of publication' };

const When = ({ time }: { time: EventTime }) => (
  <span class="fact">
    {days(time.from, time.to) || 'time not resolved'}
    {time.text ? (
      <>
        {' '}
        <q>{time.text}</q>
      </>
    ) : (
      BASIS[time.basis] && <span class="dim"> {BASIS[time.basis]}</span>
    )}
  </span>
);

const Derivation = ({ found_by, from }: { found_by: string; from: string[] }) => (
  <span class="fact">
    found by <code>{found_by}</code>
    {from.length > 0 && <> on {from.join(', ')}</>}
  </span>
);

/** Who vouches for an item, where it is not the report itself. */
function Voucher({ record, statement }: { record: Record; statement: string | null }) {
  const s = record.statements.find((each) => each.id === statement);
  if (!s) return null;
  const speaker = actorOf(record, s.speaker);
  return <span class="fact">says {speaker?.name ?? 'someone not named'}</span>;
}

function EventItem({ tools, event: e }: { tools: Tools; event: Event }) {
  const { record } = tools;
  const place = record.places.find((p) => p.id === e.place);
  const more = (
    <>
      <span class="fact">
        CAMEO <code>{e.cameo}</code>, Goldstein {e.goldstein > 0 ? '+' : ''}
        {e.goldstein}
      </span>
      {e.contexts.length > 0 && <span class="fact">{e.contexts.map(plain).join(', ')}</span>}
      {!isDeed(e.status) && <span class="fact">not counted as done</span>}
      <Derivation found_by={e.found_by} from={e.from} />
    </>
  );
  return (
    <Item tools={tools} id={e.id} damaged={e.damaged} more={more}>
      <span class="line">
        <Act {...e} />
        <Confidence value={e.confidence} />
      </span>
      <Sides
        actors={parties(record, e.actors)}
        recipients={parties(record, e.recipients)}
        mutual={e.mutual}
      />
      {e.time && <When time={e.time} />}
      {place && (
        <span class="fact">
          in {place.name}
          {place.country && place.country !== place.name && <span class="dim"> {place.country}</span>}
        </span>
      )}
      <Voucher record={record} statement={e.statement} />
    </Item>
  );
}

function StatementItem({ tools, statement: s }: { tools: Tools; statement: Statement }) {
  const { record } = tools;
  const text = useMemo(() => new Text(record.report.text), [record]);
  const words = s.content.map((c) => text.slice(c.start, c.end).replace(/\s+/g, ' ')).join(' … ');
  const speaker = actorOf(record, s.speaker);
  const through = parties(record, s.through).map((p) => p.name);
  const addressee = actorOf(record, s.addressee);
  const more = (
    <>
      {s.time && <When time={s.time} />}
      <Derivation found_by={s.found_by} from={s.from} />
    </>
  );
  return (
    <Item tools={tools} id={s.id} damaged={s.damaged} more={more}>
      <span class="line">
        <span class={speaker ? 'name' : 'untold'}>{speaker?.name ?? 'speaker not named'}</span>
        {speaker && <code>{speaker.code}</code>}
        <span class="n">{s.form === 'quoted' ? 'in quotes' : s.form}</span>
      </span>
      {through.length > 0 && <span class="fact">through {through.join(', ')}</span>}
      {addressee && <span class="fact">to {addressee.name}</span>}
      <span class="words">{clip(words)}</span>
    </Item>
  );
}

function FigureItem({ tools, figure: f }: { tools: Tools; figure: Figure }) {
  const counted = f.counted ?? (f.unit === 'percent' ? null : f.unit);
  const more = (
    <>
      <span class="fact">
        <q>{f.text}</q>
      </span>
      <Derivation found_by={f.found_by} from={f.from} />
    </>
  );
  const event = tools.record.events.find((e) => e.id === f.about);
  return (
    <Item tools={tools} id={f.id} damaged={f.damaged} more={more}>
      <span class="line">
        <span class="amount">{amount(f)}</span>
        {counted && <span>{counted}</span>}
        {f.change && <span class="dim">{f.change === 'rise' ? '↗ rise' : '↘ fall'}</span>}
        {event && <span class="n">{event.type}</span>}
      </span>
      <Voucher record={tools.record} statement={f.statement} />
    </Item>
  );
}

const TREND = { rising: '↗ rising', falling: '↘ falling', steady: '→ steady' };

function TieItem({ tools, tie: t }: { tools: Tools; tie: Tie }) {
  const { record } = tools;
  const leans = actorOf(record, t.asymmetry);
  return (
    <Item
      tools={tools}
      id={t.id}
      damaged={t.damaged}
      more={<Derivation found_by={t.found_by} from={t.stands_on} />}
    >
      <span class="line">
        <span class="type tie">{plain(t.kind)}</span>
        {t.commodity && <span>{t.commodity}</span>}
        {t.trend && <span class="dim">{TREND[t.trend]}</span>}
        <Confidence value={t.confidence} />
      </span>
      <Sides
        actors={parties(record, [t.from])}
        recipients={parties(record, [t.to])}
        mutual={t.kind === 'trade' || t.kind === 'alliance' || t.kind === 'rivalry'}
      />
      {leans && <span class="fact">{leans.name} leans on the other more</span>}
      <Voucher record={record} statement={t.statement} />
    </Item>
  );
}

function ActorItem({ tools, actor: a }: { tools: Tools; actor: Actor }) {
  const more = (
    <>
      <span class="fact">
        {plain(a.kind)}
        {a.country && `, ${a.country}`}
        {a.organisation && `, ${a.organisation}`}
      </span>
      <span class="fact">{[...new Set(a.mentions.map((m) => m.how))].join(', ')}</span>
    </>
  );
  return (
    <Item tools={tools} id={a.id} more={more}>
      <span class="line">
        <span class="name">{a.name}</span> <code>{a.code}</code>
        <span class="n">{a.mentions.length}×</span>
      </span>
      {a.role && <span class="dim">{a.role}</span>}
    </Item>
  );
}

function PlaceItem({ tools, place: p }: { tools: Tools; place: Place }) {
  return (
    <Item tools={tools} id={p.id}>
      <span class="line">
        <span class="name">{p.name}</span>
        <span class="dim">{[p.admin1, p.country].filter(Boolean).join(', ')}</span>
        {p.lat !== null && p.lon !== null && (
          <span class="n">
            {p.lat.toFixed(2)}, {p.lon.toFixed(2)}
          </span>
        )}
      </span>
    </Item>
  );
}

function TimeItem({ tools, id, time: t }: { tools: Tools; id: string; time: Time }) {
  return (
    <Item tools={tools} id={id}>
      <span class="line">
        <q>{t.text}</q>
        <span class="dim">{days(t.from, t.to) || t.value}</span>
      </span>
    </Item>
  );
}
