// What was read from a report, item by item, beside its words.

import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import type {
  Actor,
  Event,
  EventTime,
  Figure,
  Party,
  Passage,
  Place,
  Record,
  Statement,
  Tie,
  Time,
} from '../record';
import { GROUPS, type Group, itemId, passageId, Text, timeId } from '../segments';
import { amount, capital, clip, days, isDeed, plain } from '../words';
import { Act, Confidence, Sides } from './bits';

export interface Tools {
  record: Record;
  active: string;
  pinned: string;
  pin: (id: string) => void;
  point: (id: string) => void;
  /** Why an item was read; nothing where that is not known of it. */
  why: (id: string) => ComponentChildren;
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
  const why = open ? tools.why(id) : null;
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
      </button>
      {open && (more || why) && (
        <div class="more">
          {more}
          {why}
        </div>
      )}
    </li>
  );
}

export function Panel({ tools }: { tools: Tools }) {
  const { record } = tools;
  const items = (group: Group) => {
    const all = record[group].flatMap((each: object, i) => itemId(group, each, i) ?? []);
    if (group !== 'events') return all;
    return [...record.events].sort((a, b) => a.trigger.start - b.trigger.start).map((e) => e.id);
  };
  const counts = GROUPS.map((g) => ({ ...g, ids: items(g.name) })).filter((g) => g.ids.length > 0);
  return (
    <>
      {counts.length === 0 && <p class="none">Nothing was read from this text.</p>}
      {counts.map(({ name, ids }) => (
        <section key={name}>
          <h2>
            {capital(name)} <span class="n">{ids.length}</span>
          </h2>
          <ul>
            {ids.map((id) => (
              <ItemOf key={id} tools={tools} id={id} />
            ))}
          </ul>
        </section>
      ))}
      <About record={record} />
    </>
  );
}

export function ItemOf({ tools, id }: { tools: Tools; id: string }) {
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
  if (time) return <TimeItem tools={tools} id={id} time={time} />;
  const passage = record.passages.find((_, i) => passageId(i) === id);
  return passage ? <PassageItem tools={tools} id={id} passage={passage} /> : null;
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
  const parts = partsOf(record, e.id);
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
      {parts.map(([part, names]) => (
        <span key={part} class="fact">
          <span class="dim">{plain(part)}</span> {names.join(', ')}
        </span>
      ))}
    </Item>
  );
}

/** Who had which part in an attack. */
function partsOf(record: Record, event: string): [string, string[]][] {
  const parts = new Map<string, string[]>();
  for (const p of record.participants ?? []) {
    if (p.event !== event) continue;
    const names = parts.get(p.part) ?? [];
    parts.set(p.part, [...new Set([...names, actorOf(record, p.actor)?.name ?? p.name])]);
  }
  return [...parts];
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

function PassageItem({ tools, id, passage: p }: { tools: Tools; id: string; passage: Passage }) {
  const text = useMemo(() => new Text(tools.record.report.text), [tools.record]);
  return (
    <Item tools={tools} id={id}>
      <span class="line">
        <span class={`chip ${p.kind === 'damaged' ? 'damage' : ''}`}>
          {p.kind === 'damaged' ? 'damaged' : 'page furniture'}
        </span>
        <span class="dim">{p.why}</span>
      </span>
      <span class="words">{clip(text.slice(p.start, p.end).replace(/\s+/g, ' '), 200)}</span>
    </Item>
  );
}
