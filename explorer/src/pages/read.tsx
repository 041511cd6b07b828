import { useState } from 'preact/hooks';
import { read } from '../api';
import { Reading } from '../parts/reading';
import type { Record } from '../record';
import { Head } from './report';

export function ReadPage() {
  const [record, setRecord] = useState<Record | null>(null);
  const [trouble, setTrouble] = useState('');
  const [busy, setBusy] = useState(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    setBusy(true);
    setTrouble('');
    try {
      setRecord(await read(String(form.get('text')), String(form.get('published'))));
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
          <span class="dim">Nothing is stored, and the text stays on this machine.</span>
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
          <Reading record={record} item="" />
        </>
      )}
    </main>
  );
}
