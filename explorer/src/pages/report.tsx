import { useState } from 'preact/hooks';
import { get, useAnswer } from '../api';
import { Waiting } from '../parts/bits';
import { Reading } from '../parts/reading';
import type { Explained, Record } from '../record';
import { go, Link, type Route } from '../route';
import { Text } from '../segments';
import { day, heading } from '../words';

/** The first words that are the article's own. */
function opening({ report, passages }: Record): string {
  const body = passages.find((p) => p.kind === 'body');
  return body ? new Text(report.text).slice(body.start, body.start + 200) : report.text.slice(0, 200);
}

export function Head({ record }: { record: Record }) {
  const { report } = record;
  const link = report.url && /^https?:\/\//.test(report.url) ? report.url : null;
  return (
    <header class="report-head">
      <p class="dim">
        {[report.outlet, report.byline, report.published && day(report.published)]
          .filter(Boolean)
          .join(' · ') || 'outlet and date unknown'}
        {link && (
          <>
            {' · '}
            <a href={link} rel="noreferrer noopener">
              source
            </a>
          </>
        )}
      </p>
      <h1>{heading(report.title, opening(record))}</h1>
    </header>
  );
}

export function ReportPage({ id, route }: { id: string; route: Route }) {
  const [turn, setTurn] = useState(0);
  const asked = useAnswer<Record>(`reports/${encodeURIComponent(id)}`, turn);
  if (!asked.value || asked.value.report.id !== id) {
    return (
      <main class="column">
        {asked.error && (
          <p class="back">
            <Link to="/">All reports</Link>
          </p>
        )}
        <Waiting asked={asked} />
      </main>
    );
  }
  const here = (next: string) => go(`/report/${encodeURIComponent(id)}${next && `#${next}`}`, true);
  return (
    <main class="wide">
      <p class="back">
        <Link to="/">All reports</Link>
        {' · '}
        <Link to={`/episodes?report=${encodeURIComponent(id)}`}>Episodes told here</Link>
      </p>
      <Head record={asked.value} />
      <Reading
        record={asked.value}
        item={route.item}
        onItem={here}
        explain={() => get<Explained>(`reports/${encodeURIComponent(id)}/explanations`)}
        corrected={(added) => {
          if (added) here(added);
          setTurn(turn + 1);
        }}
        missed={route.query.has('missed')}
      />
    </main>
  );
}
