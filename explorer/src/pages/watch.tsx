import { useState } from 'preact/hooks';
import { RowsOf } from '../parts/list';
import type { Notice, Source } from '../record';
import { ask, Link, type Route } from '../route';
import { clip, count, day, days } from '../words';

const EXAMPLE = `# a name, a colon, and what must be met; one rule a line
border:  who RUS whom UKR type ASSAULT,COERCE at least 3 in 7 days
quarrel: either CHN quad material_conflict jump 2 in 14 days
words:   either USA quad verbal_conflict at least 4 in 7 days`;

/** Rules over the archive, which stand in the address. */
export function WatchPage({ route }: { route: Route }) {
  const { query } = route;
  const rules = query.get('rules') ?? '';
  const since = query.get('since') ?? '';
  const [typed, setTyped] = useState(rules || EXAMPLE);
  const words = new URLSearchParams({ rules });
  if (since) words.set('since', since);
  return (
    <main class="column">
      <h1>Watch</h1>
      <p class="lead">
        A rule looks out for a number of happenings within some days, or for a jump against the
        pair's own past. <code>dyad watch</code> and <code>dyad add --watch</code> take the same
        lines from a file.
      </p>
      <form class="read" onSubmit={(e) => (e.preventDefault(), ask('rules', typed))}>
        <label>
          Rules
          <textarea
            class="rules"
            rows={Math.max(4, typed.split('\n').length)}
            value={typed}
            spellcheck={false}
            onInput={(e) => setTyped(e.currentTarget.value)}
          />
        </label>
        <div class="row">
          <label>
            Since{' '}
            <input type="date" value={since} onChange={(e) => ask('since', e.currentTarget.value)} />
          </label>
          <button type="submit" class="do">
            Look
          </button>
        </div>
      </form>
      {rules && (
        <RowsOf<Notice> path={`watch?${words}`} step={30} class="notices" noun="notice">
          {(n) => <Met key={n.rule + n.crossed_by} notice={n} />}
        </RowsOf>
      )}
    </main>
  );
}

/** What of a notice's evidence is shown before it is asked for. */
const SHOWN = 5;

function Met({ notice: n }: { notice: Notice }) {
  const last = n.evidence.slice(-SHOWN).reverse();
  const before = n.evidence.slice(0, -SHOWN).reverse();
  return (
    <li>
      <h2>
        {n.rule} <span class="n">{days(n.from, n.to)}</span>
      </h2>
      <p>
        <Link to={`/episode/${n.crossed_by}`}>{count(n.episodes, 'happening')}</Link>
        {n.usual !== null && (
          <span class="dim">, where {n.usual.toFixed(1)} would be usual in as many days</span>
        )}
      </p>
      <ul class="evidence">
        {last.map((e, i) => (
          <Evidence key={i} {...e} />
        ))}
      </ul>
      {before.length > 0 && (
        <details>
          <summary>{count(before.length, 'earlier one')}</summary>
          <ul class="evidence">
            {before.map((e, i) => (
              <Evidence key={i} {...e} />
            ))}
          </ul>
        </details>
      )}
    </li>
  );
}

const Evidence = ({ text, sources }: Notice['evidence'][0]) => (
  <li>
    {text}
    {sources.map((s) => (
      <Words key={s.report + s.item} source={s} />
    ))}
  </li>
);

const Words = ({ source: s }: { source: Source }) => (
  <p class="source">
    <q class="words">{clip(s.words, 300)}</q>{' '}
    <Link to={`/report/${encodeURIComponent(s.report)}#${encodeURIComponent(s.item)}`}>
      {clip(s.outlet ?? 'unnamed outlet', 80)}
      {s.published && `, ${day(s.published)}`}
    </Link>
  </p>
);
