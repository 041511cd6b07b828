// A person says otherwise: an item is amended or rejected, with who and why.

import { useState } from 'preact/hooks';
import { change, useCaller } from '../api';
import type { Caller, Correction, ItemKind, Record } from '../record';
import { day, plain, STATUSES, TIES, TYPES } from '../words';

/** Who corrects, kept for the next time. Where tokens are needed, the token says who it is. */
const WHO = 'dyad:who';

export const keepWho = (who: string) => who && localStorage.setItem(WHO, who);

export interface Field {
  name: string;
  label: string;
  /** How it is written. */
  hint?: string;
  /** One of these; else words. */
  of?: readonly string[];
  /** Several with `;` between them. */
  many?: boolean;
  number?: boolean;
  day?: boolean;
}

export const FIELDS: { [kind in ItemKind]: Field[] } = {
  event: [
    { name: 'type', label: 'Type', of: TYPES },
    { name: 'status', label: 'Status', of: STATUSES },
    { name: 'actors', label: 'Who', hint: 'RUS; or a name', many: true },
    { name: 'recipients', label: 'To whom', hint: 'UKR; or a name', many: true },
    { name: 'from', label: 'From', day: true },
    { name: 'to', label: 'To', day: true },
    { name: 'place', label: 'Place', hint: 'Odesa, or Odesa, UKR' },
  ],
  statement: [
    { name: 'speaker', label: 'Speaker', hint: 'RUS, or a name' },
    { name: 'addressee', label: 'To whom' },
  ],
  figure: [
    { name: 'value', label: 'Value', number: true },
    { name: 'unit', label: 'Unit', hint: 'person, percent, USD' },
    { name: 'counted', label: 'Counted' },
  ],
  tie: [
    { name: 'kind', label: 'Kind', of: TIES },
    { name: 'from', label: 'From' },
    { name: 'to', label: 'To' },
    { name: 'leans', label: 'Who leans more' },
  ],
};

export const KINDS: ItemKind[] = ['event', 'statement', 'figure', 'tie'];

/** What an item is; what a person added has the id of its correction. */
function kindOf(record: Record, id: string): ItemKind {
  const is = (each: { id: string }) => each.id === id;
  return KINDS.find((kind) => record[`${kind}s`].some(is)) ?? 'event';
}

/** What begins the name of an own event type among the lexicons of a record. */
const ONTOLOGY = 'ontology/';

/** The words of a list; of types also those of the ontologies that the report was read with. */
function choices(record: Record, field: Field, now?: string): string[] {
  const read = Object.keys(record.reader.lexicons).filter((name) => name.startsWith(ONTOLOGY));
  const own = field.of === TYPES ? read.map((name) => name.slice(ONTOLOGY.length)) : [];
  return [...new Set([...(field.of ?? []), ...own, ...(now ? [now] : [])])];
}

/** What the fields hold now, as a person would write it. */
function held(record: Record, id: string): { [field: string]: string } {
  const name = (actor: string | null) => record.actors.find((a) => a.id === actor)?.name ?? '';
  const names = (actors: string[]) => actors.map(name).join('; ');
  const is = (each: { id: string }) => each.id === id;
  const event = record.events.find(is);
  if (event) {
    return {
      type: event.type,
      status: event.status,
      actors: names(event.actors),
      recipients: names(event.recipients),
      from: event.time?.from ?? '',
      to: event.time?.to ?? '',
      place: record.places.find((p) => p.id === event.place)?.name ?? '',
    };
  }
  const statement = record.statements.find(is);
  if (statement) return { speaker: name(statement.speaker), addressee: name(statement.addressee) };
  const figure = record.figures.find(is);
  if (figure) {
    return {
      value: figure.value === null ? '' : String(figure.value),
      unit: figure.unit ?? '',
      counted: figure.counted ?? '',
    };
  }
  const tie = record.ties.find(is);
  return tie
    ? { kind: tie.kind, from: name(tie.from), to: name(tie.to), leans: name(tie.asymmetry) }
    : {};
}

/** An actor of the record by its name goes by its id, so that no other is made. */
const side = (record: Record, words: string) =>
  record.actors.find((a) => a.name === words.trim())?.id ?? words.trim();

/** Sides with `;` between them. */
export const listed = (record: Record, words: string) =>
  words.split(';').filter((w) => w.trim()).map((w) => side(record, w));

export function written(record: Record, field: Field, value: string): unknown {
  const sided = ['actors', 'recipients', 'speaker', 'addressee', 'leans'].includes(field.name);
  if (field.many) return listed(record, value);
  if (!value.trim()) return null;
  if (field.number) return Number(value);
  const tied = ['from', 'to'].includes(field.name) && !field.day;
  return sided || tied ? side(record, value) : value.trim();
}

interface Props {
  record: Record;
  id: string;
  /** The record has changed. */
  done: () => void;
}

export function Correct({ record, id, done }: Props) {
  const caller = useCaller();
  const [open, setOpen] = useState(false);
  const [trouble, setTrouble] = useState('');
  const kind = kindOf(record, id);
  const mine = (record.corrections ?? []).filter((c) => c.item === id && !c.withdrawn);
  const now = held(record, id);
  const send = async (event: SubmitEvent) => {
    event.preventDefault();
    const pressed = (event.submitter as HTMLButtonElement | null)?.value;
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const text = (name: string) => String(form.get(name) ?? '');
    const fields = FIELDS[kind].filter((f) => text(f.name) !== (now[f.name] ?? ''));
    const reject = pressed === 'reject';
    if (!reject && fields.length === 0) return setTrouble('Nothing is changed yet.');
    keepWho(text('who'));
    const proposal = {
      report: record.report.id,
      action: reject ? 'reject' : 'amend',
      item: id,
      change: reject
        ? undefined
        : Object.fromEntries(fields.map((f) => [f.name, written(record, f, text(f.name))])),
      who: text('who'),
      why: text('why'),
    };
    try {
      await change('POST', 'corrections', proposal);
      done();
    } catch (error) {
      setTrouble((error as Error).message);
    }
  };
  return (
    <div class="correct">
      {mine.map((c) => (
        <Made key={c.id} correction={c} done={done} />
      ))}
      {caller?.role !== 'editor' ? null : !open ? (
        <button type="button" class="toggle more-of" onClick={() => setOpen(true)}>
          Correct
        </button>
      ) : (
        <form onSubmit={send} aria-label="Correction">
          <Inputs record={record} kind={kind} now={now} />
          <Signed caller={caller} />
          <div class="row">
            <button type="submit" class="do">
              Amend
            </button>
            <button type="submit" class="do plain against" value="reject">
              It is none
            </button>
            <button type="button" class="toggle more-of" onClick={() => setOpen(false)}>
              Cancel
            </button>
          </div>
        </form>
      )}
      {trouble && (
        <p class="trouble" role="alert">
          {trouble}
        </p>
      )}
    </div>
  );
}

interface InputsProps {
  record: Record;
  kind: ItemKind;
  /** What the fields hold; what is chosen of a list and is not in it must be chosen. */
  now: { [field: string]: string };
}

export const Inputs = ({ record, kind, now }: InputsProps) => (
  <>
    {FIELDS[kind].map((f) => (
      <label key={f.name} class={f.name === 'place' ? 'whole' : undefined}>
        <span>{f.label}</span>
        {f.of ? (
          <select name={f.name} required>
            {!now[f.name] && <option value="">choose</option>}
            {choices(record, f, now[f.name]).map((word) => (
              <option key={word} value={word} selected={word === now[f.name]}>
                {plain(word)}
              </option>
            ))}
          </select>
        ) : (
          <input
            name={f.name}
            type={f.day ? 'date' : 'text'}
            inputMode={f.number ? 'decimal' : undefined}
            list={f.day || f.number ? undefined : `sides-${kind}`}
            placeholder={f.hint}
            defaultValue={now[f.name] ?? ''}
          />
        )}
      </label>
    ))}
    <datalist id={`sides-${kind}`}>
      {record.actors.map((a) => (
        <option key={a.id} value={a.name} />
      ))}
    </datalist>
  </>
);

/** By whom and why; a token has a name already. */
export const Signed = ({ caller }: { caller: Caller }) => (
  <>
    {!caller.name && (
      <label>
        <span>Who says so</span>
        <input name="who" required defaultValue={localStorage.getItem(WHO) ?? ''} autocomplete="name" />
      </label>
    )}
    <label class="whole">
      <span>Why</span>
      <input name="why" required />
    </label>
  </>
);

export const changed = (correction: Correction) =>
  Object.entries(correction.change ?? {})
    .map(([field, value]) => `${plain(field)}: ${shown(value)}`)
    .join('; ');

function shown(value: unknown): string {
  if (value === null) return 'none';
  if (Array.isArray(value)) return value.map(shown).join(', ') || 'none';
  if (typeof value === 'object') return String((value as { name?: unknown }).name ?? '');
  return plain(String(value));
}

/** A correction, and the way back. */
export function Made({ correction: c, done }: { correction: Correction; done: () => void }) {
  const caller = useCaller();
  const [trouble, setTrouble] = useState('');
  const withdraw = () => {
    const who = localStorage.getItem(WHO) || c.who;
    change('DELETE', `corrections/${c.id}?who=${encodeURIComponent(who)}`).then(done, (e: Error) =>
      setTrouble(e.message),
    );
  };
  return (
    <p class="made">
      <span class="chip">{c.action === 'reject' ? 'rejected' : c.action === 'add' ? 'added' : 'amended'}</span>{' '}
      {changed(c)} <span class="dim">by {c.who}, {day(c.when)}: {c.why}</span>{' '}
      {c.withdrawn ? (
        <span class="dim">
          Withdrawn by {c.withdrawn.who}, {day(c.withdrawn.when)}.
        </span>
      ) : (
        caller?.role === 'editor' && (
          <button type="button" class="toggle more-of" onClick={withdraw}>
            Withdraw
          </button>
        )
      )}
      {trouble && <span role="alert"> {trouble}</span>}
    </p>
  );
}
