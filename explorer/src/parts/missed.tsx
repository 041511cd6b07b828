// What the machine missed: its words are selected in the report, and a person says what they tell.

import { useEffect, useRef, useState } from 'preact/hooks';
import { change, useCaller } from '../api';
import type { Correction, ItemKind, Record, Span } from '../record';
import { Text } from '../segments';
import { clip } from '../words';
import { FIELDS, Inputs, keepWho, KINDS, Signed, written } from './correct';

interface Selected extends Span {
  words: string;
}

/** What is selected in the report, by code points. */
function selected(text: Text): Selected | null {
  const selection = getSelection();
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  const [from, to] = [
    place(range.startContainer, range.startOffset),
    place(range.endContainer, range.endOffset),
  ];
  if (from === null || to === null || to <= from) return null;
  const all = text.slice(from, to);
  const words = all.trim();
  if (!words) return null;
  const start = from + new Text(all.slice(0, all.indexOf(words))).length;
  return { start, end: start + new Text(words).length, words };
}

/** How many code points of the report stand before a point of the page; nothing outside of it. */
function place(node: Node, offset: number): number | null {
  const element = node instanceof Element ? node : node.parentElement;
  const paragraph = element?.closest<HTMLElement>('.report-text p[data-start]');
  if (!paragraph) return null;
  const before = document.createRange();
  before.setStart(paragraph, 0);
  before.setEnd(node, offset);
  return Number(paragraph.dataset.start) + new Text(before.toString()).length;
}

const MARK = 'missed';

/** Keeps the words marked while the form is filled in, where the browser can. */
function keepMarked(): void {
  const range = getSelection()?.getRangeAt(0);
  if (range && 'highlights' in CSS) CSS.highlights.set(MARK, new Highlight(range.cloneRange()));
}

/** What a missed event usually is: done, on the day of publication. */
function usually({ report }: Record): { [field: string]: string } {
  const day = report.published?.slice(0, 10) ?? '';
  return { status: 'happened', from: day, to: day };
}

interface Props {
  record: Record;
  /** Begins with the form open. */
  begun: boolean;
  /** It is there; `item` is its id. */
  done: (item: string) => void;
}

export function Missed({ record, begun, done }: Props) {
  const caller = useCaller();
  const [open, setOpen] = useState(begun);
  const [chosen, setChosen] = useState<Selected | null>(null);
  const [words, setWords] = useState('');
  const [kind, setKind] = useState<ItemKind>('event');
  const [trouble, setTrouble] = useState('');
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    const text = new Text(record.report.text);
    const look = () => {
      const now = selected(text);
      // A selection that is let go stays chosen while the form is open.
      if (!now && form.current) return;
      setChosen(now);
      if (!now) return;
      setWords(now.words);
      if (form.current) keepMarked();
    };
    document.addEventListener('selectionchange', look);
    return () => {
      document.removeEventListener('selectionchange', look);
      if ('highlights' in CSS) CSS.highlights.delete(MARK);
    };
  }, [record]);
  if (caller?.role !== 'editor') return null;

  const begin = () => {
    if (chosen) keepMarked();
    setOpen(true);
    requestAnimationFrame(() => {
      form.current?.scrollIntoView({ block: 'nearest' });
      form.current?.querySelector<HTMLElement>(chosen ? 'select' : 'textarea')?.focus();
    });
  };
  const close = () => {
    setOpen(false);
    setKind('event');
    setTrouble('');
    setWords('');
    setChosen(null);
    if ('highlights' in CSS) CSS.highlights.delete(MARK);
  };
  const send = async (event: SubmitEvent) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget as HTMLFormElement);
    const said = (name: string) => String(fields.get(name) ?? '').trim();
    keepWho(said('who'));
    const told = chosen && chosen.words === words.trim();
    const filled = FIELDS[kind].filter((field) => said(field.name));
    const coded = Object.fromEntries(filled.map((f) => [f.name, written(record, f, said(f.name))]));
    try {
      const made = await change<Correction>('POST', 'corrections', {
        report: record.report.id,
        action: 'add',
        kind,
        ...(told ? { spans: [{ start: chosen.start, end: chosen.end }] } : { words }),
        change: coded,
        who: said('who'),
        why: said('why'),
      });
      close();
      done(made.item ?? '');
    } catch (error) {
      setTrouble((error as Error).message);
    }
  };
  if (!open) {
    return (
      <p class="missed">
        <button type="button" class="toggle more-of" onClick={begin}>
          Add what was missed
        </button>{' '}
        <span class="dim">{chosen ? <q>{clip(chosen.words, 60)}</q> : 'or select its words first'}</span>
      </p>
    );
  }
  return (
    <section class="missed">
      <h2>What was missed</h2>
      <form class="correct" onSubmit={send} aria-label="What was missed" ref={form}>
        <label class="whole">
          <span>Words that tell it</span>
          <textarea
            rows={3}
            required
            value={words}
            placeholder="Select them in the report, or write them as they stand there"
            onInput={(e) => setWords(e.currentTarget.value)}
          />
        </label>
        <label>
          <span>They tell</span>
          <select value={kind} onChange={(e) => setKind(e.currentTarget.value as ItemKind)}>
            {KINDS.map((each) => (
              <option key={each} value={each}>
                {each === 'event' ? 'an event' : `a ${each}`}
              </option>
            ))}
          </select>
        </label>
        <Inputs key={kind} record={record} kind={kind} now={kind === 'event' ? usually(record) : {}} />
        <Signed caller={caller} />
        <div class="row">
          <button type="submit" class="do">
            Add
          </button>
          <button type="button" class="toggle more-of" onClick={close}>
            Cancel
          </button>
        </div>
        {trouble && (
          <p class="trouble" role="alert">
            {trouble}
          </p>
        )}
      </form>
    </section>
  );
}
