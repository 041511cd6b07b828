import { useState } from 'preact/hooks';
import { explain, fetchFrom, type Given, look, read, store, useCaller } from '../api';
import { Reading } from '../parts/reading';
import type { Explained, Record, Stored } from '../record';
import { ask, Link, type Route } from '../route';
import { count, plain } from '../words';
import { Head } from './report';

/** What was sent, and what was read from it. */
interface Sent {
  /** A text, or the address of a page. */
  what: string;
  from: 'text' | 'address';
  given: Given;
  record: Record;
  explain: () => Promise<Explained>;
}

/** Reads what an editor or a reader brings; an editor may keep it. */
export function ReadPage({ route }: { route: Route }) {
  const caller = useCaller();
  const editor = caller?.role === 'editor';
  const from = editor && route.query.get('from') === 'address' ? 'address' : 'text';
  const [sent, setSent] = useState<Sent | null>(null);
  const [kept, setKept] = useState<Stored[] | null>(null);
  const [trouble, setTrouble] = useState('');
  const [busy, setBusy] = useState('');

  const busyWith = async (doing: string, work: () => Promise<void>) => {
    setBusy(doing);
    setTrouble('');
    setKept(null);
    try {
      await work();
    } catch (error) {
      setTrouble(error instanceof Error ? error.message : String(error));
    }
    setBusy('');
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const word = (name: string) => String(form.get(name) ?? '').trim();
    const given = {
      published: word('published'),
      title: word('title'),
      outlet: word('outlet'),
      url: word('url'),
    };
    const what = from === 'text' ? String(form.get('text')) : word('address');
    if ((event.submitter as HTMLButtonElement | null)?.value === 'store') {
      return busyWith('storing', async () => {
        setSent(null);
        setKept(await (from === 'text' ? store : fetchFrom)(what, given));
      });
    }
    return busyWith('reading', async () => {
      setSent(null);
      if (from === 'text') {
        const record = await read(what, given);
        setSent({ what, from, given, record, explain: () => explain(what, given) });
      } else {
        const { record, items } = await look(what, given);
        setSent({ what, from, given, record, explain: async () => ({ items, otherwise: [] }) });
      }
    });
  };
  const keep = ({ what, from, given }: Sent) =>
    busyWith('storing', async () => setKept(await (from === 'text' ? store : fetchFrom)(what, given)));
  const turn = (to: 'text' | 'address') => {
    setSent(null);
    setKept(null);
    setTrouble('');
    ask('from', to === 'text' ? '' : to);
  };

  return (
    <main class={sent ? 'wide' : 'column'}>
      <h1>Read a text</h1>
      {editor && (
        <div class="kinds" role="group" aria-label="What is read">
          {(['text', 'address'] as const).map((each) => (
            <button
              key={each}
              type="button"
              aria-pressed={from === each}
              onClick={() => turn(each)}
            >
              {each === 'text' ? 'A text' : 'An address'}
            </button>
          ))}
        </div>
      )}
      <form class="read" onSubmit={submit}>
        {from === 'text' ? (
          <label key="text">
            Report
            <textarea name="text" rows={sent ? 4 : 14} required placeholder="Paste a news report" />
          </label>
        ) : (
          <label key="address">
            Address of a page or a feed
            <input name="address" type="url" required placeholder="https://…" />
          </label>
        )}
        <div class="row given">
          <label>
            Published <input name="published" type="date" />
          </label>
          {from === 'text' && (
            <>
              <label>
                Title <input name="title" />
              </label>
              <label>
                Outlet <input name="outlet" />
              </label>
              <label>
                Address <input name="url" type="url" placeholder="https://…" />
              </label>
            </>
          )}
        </div>
        <div class="row">
          <button type="submit" class="do" disabled={!!busy}>
            {busy === 'reading' ? 'Reading…' : 'Read'}
          </button>
          {editor && !sent && (
            <button type="submit" class="do plain" value="store" disabled={!!busy}>
              {busy === 'storing' ? 'Storing…' : 'Read and store'}
            </button>
          )}
          <span class="dim">
            {from === 'text'
              ? 'Reading stores nothing; the text goes to this dyad and no further.'
              : 'Fetched from public addresses alone; reading stores nothing.'}
          </span>
        </div>
      </form>
      {trouble && (
        <p class="trouble" role="alert">
          {trouble}
        </p>
      )}
      {kept && <Kept all={kept} />}
      {sent && (
        <>
          <Head record={sent.record} />
          {editor && !kept && (
            <p class="keep">
              <button type="button" class="do" disabled={!!busy} onClick={() => keep(sent)}>
                {busy === 'storing' ? 'Storing…' : 'Store it'}
              </button>{' '}
              <span class="dim">It is not in the archive yet.</span>
            </p>
          )}
          <Reading record={sent.record} item="" explain={sent.explain} />
        </>
      )}
    </main>
  );
}

const OUTCOME = {
  added: 'stored',
  reread: 'was there, and is now read otherwise',
  unchanged: 'was there already',
  failed: 'not stored',
};

/** What became of each report. */
const Kept = ({ all }: { all: Stored[] }) => (
  <section class="kept" role="status">
    <p>{capitalCount(all)}</p>
    <ul>
      {all.map((s, i) => (
        <li key={i}>
          {s.report ? (
            <Link to={`/report/${encodeURIComponent(s.report)}`}>Report {s.report.slice(0, 8)}</Link>
          ) : (
            `Number ${s.line}`
          )}{' '}
          <span class={s.error ? 'trouble' : 'dim'}>{s.error ?? plain(OUTCOME[s.outcome])}</span>
        </li>
      ))}
    </ul>
  </section>
);

const capitalCount = (all: Stored[]) => {
  const stored = all.filter((s) => s.report).length;
  return `${count(stored, 'report')} in the archive${stored < all.length ? ` of ${all.length}` : ''}.`;
};
