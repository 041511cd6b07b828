import { useEffect, useState } from 'preact/hooks';
import { useAnswer } from '../api';
import { RowsOf } from '../parts/list';
import type { ReportHead, Summary } from '../record';
import { ask, Link, type Route } from '../route';
import { afterHeading, clip, count, day, heading, number } from '../words';

export function ReportsPage({ route }: { route: Route }) {
  const q = route.query.get('q') ?? '';
  const [typed, setTyped] = useState(q);
  useEffect(() => {
    const timer = setTimeout(() => typed !== q && ask('q', typed), 150);
    return () => clearTimeout(timer);
  }, [typed]);
  const summary = useAnswer<Summary>(`summary?dyads=${MOST}`).value;
  return (
    <main class="column">
      {summary && <Counts summary={summary} />}
      <form class="search" role="search" onSubmit={(e) => (e.preventDefault(), ask('q', typed))}>
        <input
          type="search"
          value={typed}
          placeholder="Search the reports"
          aria-label="Search the reports"
          onInput={(e) => setTyped(e.currentTarget.value)}
        />
      </form>
      <RowsOf<ReportHead>
        path={`reports${q && `?q=${encodeURIComponent(q)}`}`}
        step={50}
        class="reports"
        noun="report"
        beside={q && 'with these words'}
      >
        {(report) => <ReportRow key={report.id} report={report} />}
      </RowsOf>
      {summary && summary.dyads.length > 0 && !q && <Dyads summary={summary} />}
    </main>
  );
}

function Counts({ summary: s }: { summary: Summary }) {
  const facts: [number, string, string][] = [
    [s.reports, 'reports', `${count(s.voices, 'voice')}, ${count(s.outlets, 'outlet')}`],
    [s.deeds, 'deeds', `of ${count(s.episodes, 'episode')}`],
    [s.disagreements, 'disagreements', `${number(s.told_by_several)} told by several voices`],
    [s.statements, 'statements', `${count(s.figures, 'figure')}, ${count(s.ties, 'tie')}`],
  ];
  return (
    <dl class="counts">
      {facts.map(([n, what, beside]) => (
        <div key={what}>
          <dt>{what}</dt>
          <dd>{number(n)}</dd>
          <dd class="dim">{beside}</dd>
        </div>
      ))}
    </dl>
  );
}

export function ReportRow({ report: r }: { report: ReportHead }) {
  const counts = [
    count(r.events, 'event'),
    count(r.statements, 'statement'),
    count(r.figures, 'figure'),
    r.ties ? count(r.ties, 'tie') : '',
  ];
  return (
    <li>
      <p class="dim">
        {[clip(r.outlet ?? '', 80), r.published && day(r.published)].filter(Boolean).join(' · ') ||
          'outlet and date unknown'}
      </p>
      <h2>
        <Link to={`/report/${encodeURIComponent(r.id)}`}>{heading(r.title, r.opening)}</Link>
      </h2>
      <p class="opening">{r.snippet ? <Snippet text={r.snippet} /> : afterHeading(r.title, r.opening)}</p>
      <p class="dim">
        {counts.filter(Boolean).join(' · ')}
        {r.damaged > 0 && <span class="chip damage">{r.damaged} on damaged text</span>}
      </p>
    </li>
  );
}

const Snippet = ({ text }: { text: string }) => (
  <>
    {text.split('\u0002').map((piece, i) => {
      const [hit, rest] = i === 0 ? ['', piece] : piece.split('\u0003');
      return (
        <span key={i}>
          {hit && <mark>{hit}</mark>}
          {rest}
        </span>
      );
    })}
  </>
);

const MOST = 12;

const Dyads = ({ summary }: { summary: Summary }) => (
  <section class="dyads">
    <h2>Who acts on whom</h2>
    <table>
      <thead>
        <tr>
          <th>Dyad</th>
          <th class="num">Deeds</th>
          <th class="num">Episodes</th>
          <th class="num">Events as told</th>
          <th class="num">Goldstein</th>
        </tr>
      </thead>
      <tbody>
        {summary.dyads.slice(0, MOST).map((d) => (
          <tr key={d.from + d.to}>
            <td>
              <Link to={`/pair/${d.from}/${d.to}`}>
                {d.from} → {d.to}
              </Link>
            </td>
            <td class="num">{d.deeds}</td>
            <td class="num">{d.episodes}</td>
            <td class="num">{d.events}</td>
            <td class="num">
              {d.goldstein > 0 ? '+' : ''}
              {d.goldstein.toFixed(1)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </section>
);
