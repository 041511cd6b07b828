// From marks on code points to runs of text that can be shown.

import type { Passage, Record, Span } from './record';

export type Layer =
  | 'event'
  | 'trigger'
  | 'statement'
  | 'source'
  | 'cue'
  | 'figure'
  | 'tie'
  | 'actor'
  | 'place'
  | 'time'
  | 'furniture'
  | 'damaged';

/** Kinds of items, as a record names its lists of them. */
export type Group =
  | 'events'
  | 'statements'
  | 'figures'
  | 'ties'
  | 'passages'
  | 'actors'
  | 'places'
  | 'times';

export const GROUPS: { name: Group; layers: Layer[] }[] = [
  { name: 'events', layers: ['event', 'trigger'] },
  { name: 'statements', layers: ['statement', 'source', 'cue'] },
  { name: 'figures', layers: ['figure'] },
  { name: 'ties', layers: ['tie'] },
  { name: 'passages', layers: ['damaged', 'furniture'] },
  { name: 'actors', layers: ['actor'] },
  { name: 'places', layers: ['place'] },
  { name: 'times', layers: ['time'] },
];

/** A stretch of the text that an item stands on. */
export interface Mark extends Span {
  layer: Layer;
  /** The item that stands on it. */
  item: string;
  /** Quad class of an event, or why a passage is none of the body. */
  note: string;
}

/** A run of text under the same marks, shortest mark first. */
export interface Segment {
  /** Code points before it in the report. */
  start: number;
  text: string;
  marks: Mark[];
}

/** A text by code points: strings of the browser count UTF-16 units, records do not. */
export class Text {
  readonly length: number;
  private readonly at: Uint32Array;

  constructor(readonly text: string) {
    const at = new Uint32Array(text.length + 1);
    let n = 0;
    for (let i = 0; i < text.length; i += 1) {
      at[n] = i;
      n += 1;
      const unit = text.charCodeAt(i);
      const next = text.charCodeAt(i + 1);
      if (unit >= 0xd800 && unit < 0xdc00 && next >= 0xdc00 && next < 0xe000) i += 1;
    }
    at[n] = text.length;
    this.length = n;
    this.at = at;
  }

  slice(start: number, end: number): string {
    const clamp = (i: number) => this.at[Math.max(0, Math.min(i, this.length))];
    return this.text.slice(clamp(start), clamp(end));
  }
}

/** Times have no ids of their own in a record: their order names them. */
export const timeId = (i: number) => `w${i + 1}`;

/** Nor have passages. */
export const passageId = (i: number) => `passage-${i + 1}`;

/** The id by which an item of a list is known on the page; the body of the text is none. */
export function itemId(group: Group, item: object, i: number): string | null {
  if (group === 'passages') return (item as Passage).kind === 'body' ? null : passageId(i);
  return 'id' in item ? String(item.id) : timeId(i);
}

/** Every mark of a record. */
export function marks(record: Record): Mark[] {
  const found: Mark[] = [];
  const add = (layer: Layer, item: string, span: Span | null, note = '') => {
    if (span && span.end > span.start) {
      found.push({ start: span.start, end: span.end, layer, item, note });
    }
  };
  record.passages.forEach((p, i) => {
    if (p.kind !== 'body') add(p.kind, passageId(i), p, p.why);
  });
  for (const e of record.events) {
    for (const span of e.evidence) add('event', e.id, span, e.quad);
    add('trigger', e.id, e.trigger, e.quad);
  }
  for (const s of record.statements) {
    for (const span of s.content) add('statement', s.id, span);
    add('source', s.id, s.source);
    add('cue', s.id, s.cue);
  }
  for (const f of record.figures) add('figure', f.id, f);
  for (const t of record.ties) for (const span of t.evidence) add('tie', t.id, span);
  for (const a of record.actors) for (const m of a.mentions) add('actor', a.id, m);
  for (const p of record.places) for (const span of p.mentions) add('place', p.id, span);
  record.times.forEach((t, i) => add('time', timeId(i), t));
  return found;
}

/** The text in paragraphs of segments. Every code point but the line breaks is in exactly one. */
export function paragraphs(text: Text, marks: Mark[]): Segment[][] {
  const cuts = new Set<number>([0, text.length]);
  for (const mark of marks) {
    cuts.add(Math.min(mark.start, text.length));
    cuts.add(Math.min(mark.end, text.length));
  }
  const edges = [...cuts].sort((a, b) => a - b);
  const byStart = [...marks].sort((a, b) => a.start - b.start);
  const result: Segment[][] = [[]];
  let open: Mark[] = [];
  let next = 0;
  for (let i = 0; i + 1 < edges.length; i += 1) {
    const [start, end] = [edges[i]!, edges[i + 1]!];
    open = open.filter((mark) => mark.end > start);
    for (; next < byStart.length && byStart[next]!.start <= start; next += 1) {
      if (byStart[next]!.end > start) open.push(byStart[next]!);
    }
    const here = [...open].sort((a, b) => a.end - a.start - (b.end - b.start));
    let at = start;
    for (const piece of text.slice(start, end).split(/(\n+)/)) {
      if (piece.startsWith('\n')) result.push([]);
      else if (piece) result.at(-1)!.push({ start: at, text: piece, marks: here });
      at += new Text(piece).length;
    }
  }
  return result.filter((segments) => segments.some((s) => s.text.trim()));
}
