import { Act, Sides } from '../parts/bits';
import { RowsOf } from '../parts/list';
import type { Episode } from '../record';
import { ask, Link, type Route } from '../route';
import { count, days, plain, QUADS } from '../words';

/** What the choices of this page are to the API. */
const ONLY: { [choice: string]: [string, string] } = {
  several: ['min_voices', '2'],
  disputed: ['disputed', 'true'],
  deeds: ['deeds', 'true'],
};

export function EpisodesPage({ route }: { route: Route }) {
  const { query } = route;
  const words = new URLSearchParams();
  const [report, quad, only] = [query.get('report'), query.get('quad'), query.get('only')];
  if (report) words.set('report', report);
  if (quad) words.set('quad', quad);
  if (only && ONLY[only]) words.set(...ONLY[only]);
  return (
    <main class="column">
      <h1>Episodes</h1>
      <p class="lead">
        An episode is one happening, however many reports tell it. Reprints of one text are one
        voice.
      </p>
      <div class="row filters">
        <label>
          Show{' '}
          <select value={only ?? ''} onChange={(e) => ask('only', e.currentTarget.value)}>
            <option value="">all</option>
            <option value="several">told by several voices</option>
            <option value="disputed">where voices disagree</option>
            <option value="deeds">what was done</option>
          </select>
        </label>
        <label>
          of{' '}
          <select value={quad ?? ''} onChange={(e) => ask('quad', e.currentTarget.value)}>
            <option value="">every class</option>
            {QUADS.map((q) => (
              <option key={q} value={q}>
                {plain(q)}
              </option>
            ))}
          </select>
        </label>
        {report && (
          <button type="button" class="toggle" onClick={() => ask('report', '')}>
            told in one report ×
          </button>
        )}
      </div>
      <RowsOf<Episode> path={`episodes?${words}`} step={100} class="episodes" noun="episode">
        {(e) => <EpisodeLine key={e.id} episode={e} />}
      </RowsOf>
    </main>
  );
}

export const EpisodeLine = ({ episode: e }: { episode: Episode }) => (
    <li>
      <span class="when">{days(e.from, e.to) || 'day unknown'}</span>
      <Link to={`/episode/${e.id}`} class="row-link">
        <Act {...e} />
        <span class="told">
          <Sides {...e} /> {e.place && <span class="fact">in {e.place}</span>}
        </span>
        <span class="tally">
          {count(e.voices, 'voice')}
          {e.reports !== e.voices && `, ${count(e.reports, 'report')}`}
          {e.disagreements.length > 0 && (
            <span class="chip dispute">{count(e.disagreements.length, 'disagreement')}</span>
          )}
        </span>
      </Link>
    </li>
);
