// One report as published, with everything that was read from it in the words and beside them.

import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Record } from '../record';
import {
  GROUPS,
  type Group,
  itemId,
  type Layer,
  type Mark,
  marks,
  paragraphs,
  type Segment,
  Text,
} from '../segments';
import { clip } from '../words';
import { Correct, Made } from './correct';
import { Endless } from './endless';
import { type Explain, useExplained, Why } from './explain';
import { ItemOf, Panel, type Tools } from './items';
import { Margin, margins } from './margin';
import { Missed } from './missed';

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
  /** Why the items were read. */
  explain: Explain;
  /** What follows a correction, and of which item; without it nothing can be corrected. */
  corrected?: (item?: string) => void;
  /** Begins with the form for an event that was missed. */
  missed?: boolean;
}

export function Reading({ record, item, onItem, explain, corrected, missed = false }: Props) {
  const [pinned, setPinned] = useState(item);
  const [pointed, setPointed] = useState('');
  const [hidden, setHidden] = useState<ReadonlySet<Group>>(new Set<Group>(['actors']));
  const all = useMemo(() => marks(record), [record]);
  const shown = useMemo(
    () => paragraphs(new Text(record.report.text), all),
    [record, all],
  );
  const beside = useMemo(() => margins(record, shown), [record, shown]);
  const known = useExplained(record, explain, pinned !== '');
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
      if (event.key === 'Escape') {
        if (pinned) pin(pinned, 'panel');
        return;
      }
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
  const layers = new Set<Layer>();
  for (const g of GROUPS) if (!hidden.has(g.name)) g.layers.forEach((layer) => layers.add(layer));

  const tools: Tools = {
    record,
    active,
    pinned,
    pin: (id) => pin(id, 'panel'),
    point: setPointed,
    why: (id) =>
      CORRECTED.test(id) && (
        <>
          {EXPLAINED.test(id) && <Why known={known} id={id} />}
          {corrected && <Correct key={id} record={record} id={id} done={() => corrected()} />}
        </>
      ),
  };
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
            <div key={i} class="para">
              <Margin
                beside={beside[i]!}
                active={active}
                point={setPointed}
                pin={(id) => pin(id, 'text')}
              />
              <p
                dir="auto"
                data-start={segments[0]!.start}
                class={segments.every((s) => isFurniture(s)) ? 'furniture' : undefined}
              >
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
            </div>
          ))}
        </article>
      </div>
      <aside class="panel" aria-label="What was read" ref={panel}>
        {corrected && <Missed key={record.report.id} record={record} begun={missed} done={corrected} />}
        {corrected && <Gone record={record} done={() => corrected()} />}
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

/** Items that somebody rejected: they stand in no list any more. */
function Gone({ record, done }: { record: Record; done: () => void }) {
  const gone = (record.corrections ?? []).filter((c) => c.action === 'reject' && !c.withdrawn);
  if (gone.length === 0) return null;
  return (
    <section class="about">
      <h2>Rejected</h2>
      {gone.map((c) => (
        <div key={c.id}>
          <q class="words">{clip(c.words, 160)}</q>
          <Made correction={c} done={done} />
        </div>
      ))}
    </section>
  );
}

/** Events, statements, figures and ties have explanations and may be corrected. */
const EXPLAINED = /^[esft]\d+$/;

/** So do those that people added, which have no explanation but what was said of them. */
const CORRECTED = /^[esftc]\d+$/;

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
  const mine = segment.marks.filter((m) => m.item === active);
  if (here.length === 0 && mine.length === 0) return <Endless text={segment.text} />;
  const classes = here.map((m) => `m-${m.layer}`);
  // Under several events the nearest one, whose evidence is shortest, gives the colour.
  const isEvent = (m: Mark) => m.layer === 'event' || m.layer === 'trigger';
  const event = mine.find(isEvent) ?? here.find((m) => m.layer === 'trigger') ?? here.find(isEvent);
  if (event) classes.push(event.note);
  if (mine.length) classes.push('active', `a-${mine[0]!.layer}`);
  if (mine.some((m) => m.layer === 'trigger' || m.layer === 'cue')) classes.push('core');
  const first = [...here].sort((a, b) => WEIGHT[a.layer] - WEIGHT[b.layer])[0];
  const why = here.find((m) => m.layer === 'damaged' || m.layer === 'furniture');
  return (
    <span
      class={[...new Set(classes)].join(' ')}
      data-items={[...new Set(segment.marks.map((m) => m.item))].join(' ')}
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
      {GROUPS.map(({ name }) => {
        const n = record[name].filter((each, i) => itemId(name, each, i)).length;
        return (
          n > 0 && (
            <button
              key={name}
              type="button"
              class={`toggle t-${name}`}
              aria-pressed={!hidden.has(name)}
              onClick={() => toggle(name)}
            >
              {name} <span class="n">{n}</span>
            </button>
          )
        );
      })}
    </div>
  );
}

