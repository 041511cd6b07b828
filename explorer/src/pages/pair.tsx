import { useMemo } from 'preact/hooks';
import { useAnswer } from '../api';
import { Act, QuadDot, Sides, Waiting } from '../parts/bits';
import { asked, type Field, Filters } from '../parts/filters';
import { busiest, Months } from '../parts/months';
import { More } from '../parts/more';
import { StatementLine, TieLine } from '../parts/rows';
import type { Episode, Party, StatementRow, Summary, TieRow } from '../record';
import { go, Link, type Route } from '../route';
import { capital, count, days, plain, QUADS } from '../words';

const FIELDS: Field[] = ['type', 'quad', 'deeds', 'from', 'to'];

/** Two states, and what passes between them. */
export function PairPage({ a, b, route }: { a: string; b: string; route: Route }) {
  const both = a && b ? asked(route.query, FIELDS, `between=${a},${b}&limit=20000`) : '';
  const days = a && b ? asked(route.query, ['from', 'to'], `between=${a},${b}&limit=2000`) : '';
  const episodes = useAnswer<Episode[]>(both && `episodes?${both}`);
  const statements = useAnswer<StatementRow[]>(days && `statements?${days}`);
  const ties = useAnswer<TieRow[]>(days && `ties?${days}`);
  const known = useAnswer<Summary>('summary').value?.dyads ?? [];
  const [nameA, nameB] = [nameOf(a, episodes.value), nameOf(b, episodes.value)];
  return (
    <main class="wide">
      <Choose a={a} b={b} codes={[...new Set(known.flatMap((d) => [d.from, d.to]))].sort()} />
      {!a || !b ? (
        <Pairs dyads={known} />
      ) : (
        <>
          <h1>
            {nameA} <span class="dim">and</span> {nameB}
          </h1>
          <Filters route={route} fields={FIELDS} />
          {episodes.value ? (
            <Between a={a} b={b} names={[nameA, nameB]} episodes={episodes.value} />
          ) : (
            <Waiting asked={episodes} />
          )}
          <div class="halves">
            <section>
              <h2>
                How they stand <span class="n">{count(ties.value?.length ?? 0, 'tie')}</span>
              </h2>
              {ties.value ? (
                <Balance a={a} b={b} names={[nameA, nameB]} ties={ties.value} />
              ) : (
                <Waiting asked={ties} />
              )}
            </section>
            <section>
              <h2>
                What they say to each other{' '}
                <span class="n">{count(statements.value?.length ?? 0, 'statement')}</span>
              </h2>
              {statements.value ? (
                <More of={statements.value} class="lines" step={12}>
                  {(s) => <StatementLine key={s.report + s.statement} row={s} />}
                </More>
              ) : (
                <Waiting asked={statements} />
              )}
            </section>
          </div>
        </>
      )}
    </main>
  );
}

/** What a side is called in the reports: of the names under its plainest code the most frequent. */
function nameOf(code: string, episodes: Episode[] | null): string {
  const parties = (episodes ?? []).flatMap((e) => [...e.actors, ...e.recipients]);
  const mine = parties.filter((p) => p.country === code || p.code.split(' ')[0] === code);
  const shortest = Math.min(...mine.map((p) => p.code.length));
  const names = new Map<string, number>();
  for (const p of mine) {
    if (p.code.length === shortest) names.set(p.name, (names.get(p.name) ?? 0) + 1);
  }
  const [first] = [...names].sort((x, y) => y[1] - x[1]);
  return first?.[0] ?? code;
}

function Choose({ a, b, codes }: { a: string; b: string; codes: string[] }) {
  const choose = (x: string, y: string) => go(x && y ? `/pair/${x}/${y}${location.search}` : `/pair/${x || y}`);
  const one = (value: string, label: string, change: (code: string) => void) => (
    <label>
      <span>{label}</span>
      <select value={value} onChange={(e) => change(e.currentTarget.value)}>
        <option value="">choose</option>
        {[...new Set([...codes, value].filter(Boolean))].map((code) => (
          <option key={code}>{code}</option>
        ))}
      </select>
    </label>
  );
  return (
    <form class="filters pair-of" aria-label="The pair">
      {one(a, 'Between', (code) => choose(code, b))}
      {one(b, 'and', (code) => choose(a, code))}
      {a && b && (
        <button type="button" class="toggle" onClick={() => choose(b, a)}>
          ⇄ the other way round
        </button>
      )}
    </form>
  );
}

function Pairs({ dyads }: { dyads: Summary['dyads'] }) {
  const pairs = new Map<string, { a: string; b: string; episodes: number; deeds: number }>();
  for (const d of dyads) {
    const [a, b] = [d.from, d.to].sort() as [string, string];
    const pair = pairs.get(a + b) ?? { a, b, episodes: 0, deeds: 0 };
    pair.episodes += d.episodes;
    pair.deeds += d.deeds;
    pairs.set(a + b, pair);
  }
  const most = [...pairs.values()].sort((x, y) => y.episodes - x.episodes);
  return (
    <>
      <h1>Pairs</h1>
      <ul class="pairs">
        {most.slice(0, 60).map((p) => (
          <li key={p.a + p.b}>
            <Link to={`/pair/${p.a}/${p.b}`}>
              {p.a} <span class="dim">and</span> {p.b}
            </Link>
            <span class="n">
              {count(p.episodes, 'episode')}, {count(p.deeds, 'deed')}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

interface BetweenProps {
  a: string;
  b: string;
  names: [string, string];
  episodes: Episode[];
}

function Between({ a, b, names, episodes }: BetweenProps) {
  const is = (code: string) => (p: Party) => p.country === code || p.code.split(' ')[0] === code;
  const parts = useMemo(() => {
    const acts = (x: string, y: string) =>
      episodes.filter((e) => !e.mutual && e.actors.some(is(x)) && e.recipients.some(is(y)));
    const [there, back] = [acts(a, b), acts(b, a)];
    const one = new Set([...there, ...back]);
    return { there, back, joint: episodes.filter((e) => !one.has(e)) };
  }, [episodes, a, b]);
  const dated = episodes.flatMap((e) => (e.from ? [e.from.slice(0, 7)] : [])).sort();
  if (episodes.length === 0) return <p class="none">Nothing between them under these filters.</p>;
  const span: [string, string] = [dated[0] ?? '2022-01', dated.at(-1) ?? '2022-01'];
  const rows: [string, Episode[]][] = [
    [`${names[0]} → ${names[1]}`, parts.there],
    [`${names[1]} → ${names[0]}`, parts.back],
    ['Together', parts.joint],
  ];
  const most = Math.max(...rows.map(([, mine]) => busiest(mine, span)));
  return (
    <>
      <div class="charts">
        {rows
          .filter(([, mine]) => mine.length > 0)
          .map(([label, mine]) => (
            <Months key={label} label={label} episodes={mine} span={span} most={most} />
          ))}
      </div>
      <div class="halves">
        <section>
          <h2>In numbers</h2>
          <div class="scroll" role="region" aria-label="Counts" tabIndex={0}>
            <Numbers rows={rows} />
          </div>
        </section>
        <section>
          <h2>
            What happened <span class="n">{count(episodes.length, 'episode')}</span>
          </h2>
          <More of={[...episodes].reverse()} class="lines" step={12}>
            {(e) => (
              <li key={e.id}>
                <span class="when">{days(e.from, e.to) || 'day unknown'}</span>
                <Link to={`/episode/${e.id}`} class="row-link">
                  <Act {...e} />
                  <Sides {...e} />
                </Link>
              </li>
            )}
          </More>
        </section>
      </div>
    </>
  );
}

const Numbers = ({ rows }: { rows: [string, Episode[]][] }) => (
  <table class="numbers">
    <thead>
      <tr>
        <th>Episodes</th>
        {QUADS.map((quad) => (
          <th key={quad} class="num">
            <QuadDot quad={quad} /> {capital(plain(quad))}
          </th>
        ))}
        <th class="num">Deeds</th>
        <th class="num" title="sum over the deeds">
          Goldstein
        </th>
      </tr>
    </thead>
    <tbody>
      {rows.map(([label, mine]) => {
        const sum = mine.filter((e) => e.deed).reduce((n, e) => n + e.goldstein, 0);
        return (
          <tr key={label}>
            <th scope="row">{label}</th>
            {QUADS.map((quad) => (
              <td key={quad} class="num">
                {mine.filter((e) => e.quad === quad).length || '·'}
              </td>
            ))}
            <td class="num">{mine.filter((e) => e.deed).length || '·'}</td>
            <td class="num">
              {sum > 0 ? '+' : sum < 0 ? '−' : ''}
              {Math.abs(sum).toFixed(1)}
            </td>
          </tr>
        );
      })}
    </tbody>
  </table>
);

interface BalanceProps {
  a: string;
  b: string;
  names: [string, string];
  ties: TieRow[];
}

/** Which side leans on the other, kind by kind, and then each tie with its words. */
function Balance({ a, b, names, ties }: BalanceProps) {
  if (ties.length === 0) return <p class="none">No tie between them is told.</p>;
  const leaner = (t: TieRow) => {
    const party = [t.from, t.to].find((p) => p.name === t.leans);
    return party && [a, b].findIndex((code) => party.country === code || party.code.startsWith(code));
  };
  const kinds = [...new Set(ties.map((t) => t.kind))].map((kind) => {
    const mine = ties.filter((t) => t.kind === kind);
    const leans = [0, 1].map((i) => mine.filter((t) => leaner(t) === i).length);
    return { kind, all: mine.length, a: leans[0]!, b: leans[1]! };
  });
  const most = Math.max(...kinds.map((k) => Math.max(k.a, k.b)), 1);
  const part = (n: number) => ({ width: `${(n / most) * 100}%` });
  return (
    <>
      <table class="balance">
        <thead>
          <tr>
            <th class="num">{names[0]} leans on the other</th>
            <th>Tie</th>
            <th>{names[1]} leans on the other</th>
            <th class="num">Told</th>
          </tr>
        </thead>
        <tbody>
          {kinds.map((k) => (
            <tr key={k.kind}>
              <td class="side left">
                {k.a > 0 && <span class="bar" style={part(k.a)} />} {k.a || ''}
              </td>
              <th scope="row">{plain(k.kind)}</th>
              <td class="side">
                {k.b || ''} {k.b > 0 && <span class="bar" style={part(k.b)} />}
              </td>
              <td class="num">{k.all}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <More of={ties} class="lines" step={12}>
        {(t) => <TieLine key={t.report + t.tie} row={t} />}
      </More>
    </>
  );
}
