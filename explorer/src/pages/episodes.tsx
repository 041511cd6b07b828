import { useMemo } from 'preact/hooks';
import { useAnswer } from '../api';
import { Act, Sides, Waiting } from '../parts/bits';
import { More } from '../parts/more';
import type { Episode } from '../record';
import { ask, Link, type Route } from '../route';
import { count, days, plain, QUADS } from '../words';

export function EpisodesPage({ route }: { route: Route }) {
  const { query } = route;
  const report = query.get('report') ?? '';
  const asked = useAnswer<Episode[]>(`episodes?limit=20000${report && `&report=${encodeURIComponent(report)}`}`);
  const [quad, only] = [query.get('quad'), query.get('only')];
  const shown = useMemo(
    () =>
      (asked.value ?? []).filter(
        (e) =>
          (!quad || e.quad === quad) &&
          (only !== 'several' || e.voices > 1) &&
          (only !== 'disputed' || e.disagreements.length > 0) &&
          (only !== 'deeds' || e.deed),
      ),
    [asked.value, quad, only],
  );
  if (!asked.value) {
    return (
      <main class="column">
        <h1>Episodes</h1>
        <Waiting asked={asked} />
      </main>
    );
  }
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
        <span class="dim">{count(shown.length, 'episode')}</span>
      </div>
      <More of={shown} class="episodes">
        {(e) => <EpisodeLine key={e.id} episode={e} />}
      </More>
    </main>
  );
}

export const EpisodeLine = ({ episode: e }: { episode: Episode }) => (
    <li>
      <span class="when">{days(e.from, e.to) || 'day unknown'}</span>
      <Link to={`/episode/${e.id}`} class="row-link">
        <Act {...e} />
        <Sides {...e} />
        {e.place && <span class="fact">in {e.place}</span>}
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
