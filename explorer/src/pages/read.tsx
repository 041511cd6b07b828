import { useState } from 'preact/hooks';
import { explain, read } from '../api';
import { Reading } from '../parts/reading';
import type { Record } from '../record';
import { Head } from './report';

export function ReadPage() {
  const [record, setRecord] = useState<Record | null>(null);
  const [sent, setSent] = useState({ text: '', published: '' });
  const [trouble, setTrouble] = useState('');
  const [busy, setBusy] = useState(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    setBusy(true);
    setTrouble('');
    const [text, published] = [String(form.get('text')), String(form.get('published'))];
    try {
      setRecord(await read(text, published));
      setSent({ text, published });
    } catch (error) {
      setRecord(null);
      setTrouble(error instanceof Error ? error.message : String(error));
    }
    setBusy(false);
  };
  return (
    <main class={record ? 'wide' : 'column'}>
      <h1>Read a text</h1>
      <form class="read" onSubmit={submit}>
        <label>
          Report
          <textarea name="text" rows={record ? 4 : 14} required placeholder="Paste a news report" />
        </label>
        <div class="row">
          <label>
            Published <input name="published" type="date" />
          </label>
          <button type="submit" class="do" disabled={busy}>
            {busy ? 'Reading…' : 'Read'}
          </button>
          <span class="dim">Nothing is stored; the text goes to this dyad and no further.</span>
        </div>
      </form>
      {trouble && (
        <p class="trouble" role="alert">
          {trouble}
        </p>
      )}
      {record && (
        <>
          <Head record={record} />
          <Reading record={record} item="" explain={() => explain(sent.text, sent.published)} />
        </>
      )}
    </main>
  );
}
