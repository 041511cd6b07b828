import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { save } from '../api';
import { RowsOf } from '../parts/list';
import { EpisodeLine } from './episodes';
import { asked, type Field, Filters } from '../parts/filters';
import { ActorLine, EventLine, FigureLine, StatementLine, TieLine } from '../parts/rows';
import type { ActorRow, Episode, EventRow, FigureRow, ReportHead, StatementRow, TieRow } from '../record';
import { ask, type Route } from '../route';
import { capital } from '../words';
import { ReportRow } from './reports';

const ALL: Field[] = [
  ...['q', 'who', 'whom', 'type', 'quad', 'status'],
  ...['from', 'to', 'place', 'outlet', 'confidence', 'deeds'],
] as Field[];

/** What can be searched for, and by what. */
const KINDS: { [kind: string]: { fields: Field[]; line: (row: never) => ComponentChildren } } = {
  events: { fields: ALL, line: (row: EventRow) => <EventLine key={row.report + row.event} row={row} /> },
  episodes: { fields: ALL, line: (row: Episode) => <EpisodeLine key={row.id} episode={row} /> },
  statements: {
    fields: ['q', 'who', 'whom', 'from', 'to', 'outlet'],
    line: (row: StatementRow) => <StatementLine key={row.report + row.statement} row={row} />,
  },
  figures: {
    fields: ['q', 'who', 'type', 'from', 'to', 'outlet'],
    line: (row: FigureRow) => <FigureLine key={row.report + row.figure} row={row} />,
  },
  ties: {
    fields: ['q', 'who', 'whom', 'tie', 'from', 'to', 'outlet', 'confidence'],
    line: (row: TieRow) => <TieLine key={row.report + row.tie} row={row} />,
  },
  actors: { fields: ALL, line: (row: ActorRow) => <ActorLine key={row.code + row.name} row={row} /> },
  reports: { fields: ['q'], line: (row: ReportHead) => <ReportRow key={row.id} report={row} /> },
};

const PAGE = 100;

/** Sides that other pages ask by, with what is said of them. */
const SIDES: [string, (value: string) => string][] = [
  ['either', (code) => `${code} on either side`],
  ['between', (pair) => `between ${pair.split(',').join(' and ')}`],
];

export function SearchPage({ route }: { route: Route }) {
  const chosen = route.query.get('kind') ?? 'events';
  const kind = chosen in KINDS ? chosen : 'events';
  const { fields, line } = KINDS[kind]!;
  const sides = kind === 'reports' ? [] : SIDES.filter(([name]) => route.query.has(name));
  const more = new URLSearchParams(sides.map(([name]) => [name, route.query.get(name)!]));
  const query = asked(route.query, fields, more.toString());
  return (
    <main class="column">
      <h1>Search</h1>
      <div class="kinds" role="group" aria-label="What to search for">
        {Object.keys(KINDS).map((name) => (
          <button
            key={name}
            type="button"
            aria-pressed={name === kind}
            onClick={() => ask('kind', name === 'events' ? '' : name)}
          >
            {capital(name)}
          </button>
        ))}
      </div>
      <Filters route={route} fields={fields} />
      {sides.map(([name, words]) => (
        <p key={name}>
          <button type="button" class="toggle more-of" onClick={() => ask(name, '')}>
            {words(route.query.get(name)!)} ×
          </button>
        </p>
      ))}
      <RowsOf
        key={kind}
        path={`${kind}?${query}`}
        step={PAGE}
        class={kind === 'reports' ? 'reports' : 'lines found'}
        noun={kind.slice(0, -1)}
        beside={<Save path={`${kind}?${query}&limit=100000`} name={kind} />}
      >
        {line}
      </RowsOf>
    </main>
  );
}

function Save({ path, name }: { path: string; name: string }) {
  const [error, setError] = useState('');
  const as = (format: string) => {
    save(`${path}&format=${format}`, `${name}.${format}`).catch((e: Error) => setError(e.message));
  };
  return (
    <span class="save">
      {['csv', 'jsonl', 'parquet'].map((format) => (
        <button key={format} type="button" class="toggle more-of" onClick={() => as(format)}>
          {format.toUpperCase()}
        </button>
      ))}
      {error && <span role="alert">{error}</span>}
    </span>
  );
}
