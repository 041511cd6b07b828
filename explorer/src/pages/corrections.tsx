import { useState } from 'preact/hooks';
import { Made } from '../parts/correct';
import { RowsOf } from '../parts/list';
import type { Correction } from '../record';
import { ask, Link, type Route } from '../route';
import { clip } from '../words';

/** What people said against the reading. */
export function CorrectionsPage({ route }: { route: Route }) {
  const { query } = route;
  const [turn, setTurn] = useState(0);
  const words = new URLSearchParams();
  for (const name of ['kind', 'who', 'withdrawn']) {
    const value = query.get(name);
    if (value) words.set(name, value);
  }
  return (
    <main class="column">
      <h1>Corrections</h1>
      <p class="lead">
        What people said against the reading. A correction wins over the machine in every answer,
        stays when a report is read anew, and can be withdrawn. Open an item of a report to make
        one.
      </p>
      <form class="filters" aria-label="Filters" onSubmit={(e) => e.preventDefault()}>
        <label>
          <span>Of</span>
          <select value={query.get('kind') ?? ''} onChange={(e) => ask('kind', e.currentTarget.value)}>
            <option value="">any item</option>
            {['event', 'statement', 'figure', 'tie'].map((kind) => (
              <option key={kind} value={kind}>
                {kind}s
              </option>
            ))}
          </select>
        </label>
        <label>
          <span>By</span>
          <input type="search" value={query.get('who') ?? ''} onChange={(e) => ask('who', e.currentTarget.value)} />
        </label>
        <label>
          <span>That</span>
          <select
            value={query.get('withdrawn') ?? ''}
            onChange={(e) => ask('withdrawn', e.currentTarget.value)}
          >
            <option value="">count or not</option>
            <option value="false">count</option>
            <option value="true">were withdrawn</option>
          </select>
        </label>
      </form>
      <RowsOf<Correction>
        key={turn}
        path={`corrections?${words}`}
        step={100}
        class="notices"
        noun="correction"
      >
        {(c) => (
          <li key={c.id}>
            <p class="source">
              <q class="words">{clip(c.words, 300)}</q>{' '}
              <Link
                to={`/report/${encodeURIComponent(c.report)}${c.item ? `#${encodeURIComponent(c.item)}` : ''}`}
              >
                {c.kind} {c.item ?? ''}
              </Link>
            </p>
            <Made correction={c} done={() => setTurn(turn + 1)} />
          </li>
        )}
      </RowsOf>
    </main>
  );
}
