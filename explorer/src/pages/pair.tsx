import { useAnswer } from '../api';
import { Act, QuadDot, Sides, Waiting } from '../parts/bits';
import { Filters } from '../parts/filters';
import { busiest, Months } from '../parts/months';
import { More } from '../parts/more';
import { StatementLine, TieLine } from '../parts/rows';
import { Trade } from '../parts/trade';
import { between, OF_PAIR } from '../paths';
import type { PairPage as Told, Summary, Way } from '../record';
import { go, Link, type Route } from '../route';
import { capital, count, days, number, plain, QUADS } from '../words';

/** Two states, and what passes between them. */
export function PairPage({ a, b, route }: { a: string; b: string; route: Route }) {
  const path = between({ a, b, route });
  const page = useAnswer<Told>(path);
  const known = useAnswer<Summary>('summary?dyads=1000').value?.dyads ?? [];
  return (
    <main class="wide">
      <Choose a={a} b={b} codes={[...new Set(known.flatMap((d) => [d.from, d.to]))].sort()} />
      {!path ? (
        <Pairs dyads={known} />
      ) : (
        <>
          <h1>
            {page.value?.a ?? a} <span class="dim">and</span> {page.value?.b ?? b}
          </h1>
          <Filters route={route} fields={OF_PAIR} />
          {page.value ? (
            <>
              <Between page={page.value} query={path.replace(/^pair\?/, '')} />
              <Trade a={a} b={b} names={[page.value.a, page.value.b]} />
            </>
          ) : (
            <Waiting asked={page} />
          )}
        </>
      )}
    </main>
  );
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
  page: Told;
  /** What was asked, for the lists that hold all. */
  query: string;
}

function Between({ page, query }: BetweenProps) {
  const { told } = page;
  return (
    <>
      {told.episodes === 0 ? (
        <p class="none">Nothing between them under these filters.</p>
      ) : (
        <>
          <Charts ways={page.ways} />
          <div class="halves">
            <section>
              <h2>In numbers</h2>
              <div class="scroll" role="region" aria-label="Counts" tabIndex={0}>
                <Numbers ways={page.ways} />
              </div>
            </section>
            <section>
              <Heading words="What happened" told={told.episodes} noun="episode" listed={page.episodes} />
              <More of={[...page.episodes].reverse()} class="lines" step={12}>
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
              <All kind="episodes" told={told.episodes} listed={page.episodes} query={query} />
            </section>
          </div>
        </>
      )}
      <div class="halves">
        <section>
          <Heading words="How they stand" told={told.ties} noun="tie" listed={page.ties} />
          <Balance page={page} />
          <All kind="ties" told={told.ties} listed={page.ties} query={query} />
        </section>
        <section>
          <Heading
            words="What they say to each other"
            told={told.statements}
            noun="statement"
            listed={page.statements}
          />
          {told.statements === 0 && <p class="none">Neither is told to speak of the other.</p>}
          <More of={[...page.statements].reverse()} class="lines" step={12}>
            {(s) => <StatementLine key={s.report + s.statement} row={s} />}
          </More>
          <All kind="statements" told={told.statements} listed={page.statements} query={query} />
        </section>
      </div>
    </>
  );
}

interface HeadingProps {
  words: string;
  told: number;
  noun: string;
  listed: unknown[];
}

const Heading = ({ words, told, noun, listed }: HeadingProps) => (
  <h2>
    {words}{' '}
    <span class="n">
      {count(told, noun)}
      {told > listed.length && `, the latest ${listed.length} below`}
    </span>
  </h2>
);

interface AllProps {
  kind: string;
  told: number;
  listed: unknown[];
  query: string;
}

const All = ({ kind, told, listed, query }: AllProps) =>
  told > listed.length ? (
    <p>
      <Link to={`/search?kind=${kind}&${query}`}>
        All {number(told)} {kind}
      </Link>
    </p>
  ) : null;

const wayName = (way: Way) => (way.together ? 'Together' : `${way.from} → ${way.to}`);

function Charts({ ways }: { ways: Way[] }) {
  const months = ways.flatMap((w) => w.months.map((m) => m.month)).sort();
  const span: [string, string] = [months[0] ?? '2022-01', months.at(-1) ?? '2022-01'];
  const most = Math.max(...ways.map(busiest));
  return (
    <div class="charts">
      {ways
        .filter((way) => way.months.length > 0)
        .map((way) => (
          <Months key={wayName(way)} label={wayName(way)} way={way} span={span} most={most} />
        ))}
    </div>
  );
}

const Numbers = ({ ways }: { ways: Way[] }) => (
  <table class="numbers">
    <thead>
      <tr>
        <th>Episodes</th>
        {QUADS.map((quad) => (
          <th key={quad} class="num">
            <span class="nobreak">
              <QuadDot quad={quad} /> {capital(plain(quad)).split(' ')[0]}
            </span>{' '}
            {plain(quad).split(' ')[1]}
          </th>
        ))}
        <th class="num">Deeds</th>
        <th class="num" title="sum over the deeds">
          Goldstein
        </th>
      </tr>
    </thead>
    <tbody>
      {ways.map((way) => (
        <tr key={wayName(way)}>
          <th scope="row">{wayName(way)}</th>
          {QUADS.map((quad) => (
            <td key={quad} class="num">
              {way[quad] ? number(way[quad]) : '·'}
            </td>
          ))}
          <td class="num">{way.deeds ? number(way.deeds) : '·'}</td>
          <td class="num">
            {way.goldstein > 0 ? '+' : way.goldstein < 0 ? '−' : ''}
            {Math.abs(way.goldstein).toFixed(1)}
          </td>
        </tr>
      ))}
    </tbody>
  </table>
);

/** Which side leans on the other, kind by kind, and then each tie with its words. */
function Balance({ page }: { page: Told }) {
  const { standing, ties, a, b } = page;
  if (standing.length === 0) return <p class="none">No tie between them is told.</p>;
  const most = Math.max(...standing.map((s) => Math.max(s.a_leans, s.b_leans)), 1);
  const part = (n: number) => ({ width: `${(n / most) * 100}%` });
  return (
    <>
      <table class="balance">
        <thead>
          <tr>
            <th class="num">{a} leans more</th>
            <th>Tie</th>
            <th>{b} leans more</th>
            <th class="num">Told</th>
          </tr>
        </thead>
        <tbody>
          {standing.map((s) => (
            <tr key={s.kind}>
              <td class="side left">
                {s.a_leans > 0 && <span class="bar" style={part(s.a_leans)} />} {s.a_leans || ''}
              </td>
              <th scope="row">{plain(s.kind)}</th>
              <td class="side">
                {s.b_leans || ''} {s.b_leans > 0 && <span class="bar" style={part(s.b_leans)} />}
              </td>
              <td class="num">{s.told}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <More of={[...ties].reverse()} class="lines" step={12}>
        {(t) => <TieLine key={t.report + t.tie} row={t} />}
      </More>
    </>
  );
}
