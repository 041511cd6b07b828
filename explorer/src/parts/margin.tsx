// The margin of a report: what begins in each paragraph, and where its words are not to be trusted.

import type { Record } from '../record';
import type { Segment } from '../segments';
import { isDeed, plain } from '../words';

interface Note {
  id: string;
  kind: 'event' | 'statement' | 'figure' | 'tie';
  /** What the mark looks like: the class of an act, and whether it was done. */
  look: string;
  hollow: boolean;
  label: string;
}

interface Beside {
  notes: Note[];
  /** `damaged`, `page furniture`; empty where all is the article's own. */
  passages: string[];
}

/** What stands beside each paragraph; an item beside the first that it stands in. */
export function margins(record: Record, paragraphs: Segment[][]): Beside[] {
  const notes = new Map(notesOf(record).map((note) => [note.id, note]));
  return paragraphs.map((segments) => {
    const marks = segments.flatMap((s) => s.marks);
    const here: Note[] = [];
    for (const { item, layer } of marks) {
      // An act stands where its trigger is.
      const note = layer === 'event' ? undefined : notes.get(item);
      if (note) {
        here.push(note);
        notes.delete(item);
      }
    }
    const passages = new Set<string>();
    for (const mark of marks) {
      if (mark.layer === 'damaged') passages.add('damaged');
      if (mark.layer === 'furniture') passages.add('furniture');
    }
    return { notes: here, passages: [...passages] };
  });
}

function notesOf(record: Record): Note[] {
  const name = (id: string | null) => record.actors.find((a) => a.id === id)?.name;
  const names = (ids: string[]) => ids.map((id) => name(id) ?? id).join(', ') || 'not told';
  return [
    ...record.events.map((e): Note => ({
      id: e.id,
      kind: 'event',
      look: e.quad,
      hollow: !isDeed(e.status),
      label: `${e.type}, ${plain(e.status)}: ${names(e.actors)} → ${names(e.recipients)}`,
    })),
    ...record.statements.map((s): Note => ({
      id: s.id,
      kind: 'statement',
      look: '',
      hollow: false,
      label: `${name(s.speaker) ?? 'someone not named'} says`,
    })),
    ...record.figures.map((f): Note => ({
      id: f.id,
      kind: 'figure',
      look: '',
      hollow: false,
      label: `figure: ${f.text}`,
    })),
    ...record.ties.map((t): Note => ({
      id: t.id,
      kind: 'tie',
      look: '',
      hollow: false,
      label: `${plain(t.kind)}: ${names([t.from])}, ${names([t.to])}`,
    })),
  ];
}

interface MarginProps {
  beside: Beside;
  active: string;
  point: (id: string) => void;
  pin: (id: string) => void;
}

/** The panel holds the same as a list, which the keyboard walks; these are for the eye and the mouse. */
export function Margin({ beside, active, point, pin }: MarginProps) {
  return (
    <div class="margin" data-passage={beside.passages.join(', ') || undefined} aria-hidden="true">
      {beside.notes.map((note) => (
        <button
          key={note.id}
          type="button"
          tabIndex={-1}
          class={`note n-${note.kind} ${note.look}`}
          data-hollow={note.hollow || undefined}
          data-active={note.id === active || undefined}
          title={note.label}
          onMouseEnter={() => point(note.id)}
          onMouseLeave={() => point('')}
          onClick={() => pin(note.id)}
        />
      ))}
    </div>
  );
}
