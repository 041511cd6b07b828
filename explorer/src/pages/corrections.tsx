import { useEffect, useState } from 'preact/hooks';
import { useAnswer, useCaller } from '../api';
import { Waiting } from '../parts/bits';
import { Made } from '../parts/correct';
import { RowsOf } from '../parts/list';
import type { Correction, ReportHead } from '../record';
import { ask, Link, type Route } from '../route';
import { clip, day, heading } from '../words';

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
      <Missing />
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
        nothing={words.size ? 'No correction is such.' : 'Nobody has corrected anything yet.'}
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

/** Reports that are offered at once. */
const OFFERED = 6;

/** What was missed is added where its words stand: here its report is found. */
function Missing() {
  const caller = useCaller();
  const [typed, setTyped] = useState('');
  const [q, setQ] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setQ(typed.trim()), 150);
    return () => clearTimeout(timer);
  }, [typed]);
  const found = useAnswer<ReportHead[]>(q && `reports?limit=${OFFERED}&q=${encodeURIComponent(q)}`);
  if (!caller) return null;
  if (caller.role !== 'editor') {
    return <p class="dim">Your token lets you look; corrections are made with an editor's.</p>;
  }
  return (
    <details class="missing">
      <summary>Add what was missed</summary>
      <label class="search">
        <span>In which report?</span>
        <input
          type="search"
          value={typed}
          placeholder="Words of the report"
          onInput={(e) => setTyped(e.currentTarget.value)}
        />
      </label>
      {q && !found.value && <Waiting asked={found} />}
      {q && found.value && (
        <ul aria-live="polite">
          {found.value.length === 0 && <li class="dim">No report holds these words.</li>}
          {found.value.map((r) => (
            <li key={r.id}>
              <Link to={`/report/${encodeURIComponent(r.id)}?missed=true`}>{heading(r.title, r.opening)}</Link>{' '}
              <span class="dim">{[clip(r.outlet ?? '', 60), day(r.published)].filter(Boolean).join(', ')}</span>
            </li>
          ))}
        </ul>
      )}
    </details>
  );
}
