// How things are put in words.

import type { Counts, Figure, Party, Quad, Status } from './record';

export const QUADS: Quad[] = [
  'verbal_cooperation',
  'material_cooperation',
  'verbal_conflict',
  'material_conflict',
];

/** The class that most of the episodes belong to. */
export const mainQuad = (counts: Counts): Quad =>
  QUADS.reduce((best, quad) => (counts[quad] > counts[best] ? quad : best));

export const TYPES = [
  'AGREE', 'CONSULT', 'SUPPORT', 'CONCEDE', 'COOPERATE', 'AID', 'RETREAT', 'REQUEST',
  'ACCUSE', 'REJECT', 'THREATEN', 'PROTEST', 'SANCTION', 'MOBILIZE', 'COERCE', 'ASSAULT',
] as const;

export const STATUSES: Status[] = [
  'happened', 'ongoing', 'planned', 'called_for', 'threatened', 'refused', 'denied', 'supposed',
];

export const TIES = [
  'trade', 'energy', 'arms', 'military_cooperation', 'alliance', 'dependence', 'sanctions',
  'control', 'mediation', 'rivalry',
] as const;

export const plain = (word: string) => word.replaceAll('_', ' ');

export const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** `30 Dec 2022`; what is no ISO date stays as it is. */
export function day(iso: string | null): string {
  const parts = /^(-?\d{4,})-(\d\d)-(\d\d)/.exec(iso ?? '');
  if (!parts) return iso ?? '';
  return `${Number(parts[3])} ${MONTHS[Number(parts[2]) - 1]} ${parts[1]}`;
}

/** A range as short as it can be said: `1–3 Dec 2022`, `Dec 2022`, `2022`. */
export function days(from: string | null, to: string | null): string {
  if (!from || !to) return from ? `from ${day(from)}` : to ? `until ${day(to)}` : '';
  if (from === to) return day(from);
  const whole = `${from.slice(4)}${to.slice(4)}`;
  const [a, b] = [day(from).split(' '), day(to).split(' ')];
  if (whole === '-01-01-12-31') return a[2] === b[2] ? a[2]! : `${a[2]}–${b[2]}`;
  const monthEnd = new Date(Date.UTC(Number(to.slice(0, 4)), Number(to.slice(5, 7)), 0)).getUTCDate();
  if (a[0] === '1' && Number(b[0]) === monthEnd && a[2] === b[2]) {
    return a[1] === b[1] ? `${a[1]} ${a[2]}` : `${a[1]}–${b[1]} ${a[2]}`;
  }
  if (a[2] !== b[2]) return `${a.join(' ')} – ${b.join(' ')}`;
  if (a[1] !== b[1]) return `${a[0]} ${a[1]} – ${b.join(' ')}`;
  return `${a[0]}–${b.join(' ')}`;
}

/** The same by months: `Jan 2021 – Sep 2023`. */
export function months(from: string | null, to: string | null): string {
  const month = (iso: string | null) => day(iso).replace(/^\d+ /, '');
  const [a, b] = [month(from), month(to)];
  return a === b || !b ? a : a ? `${a} – ${b}` : b;
}

export const isDeed = (status: Status) => status === 'happened' || status === 'ongoing';

export const number = (value: number) => value.toLocaleString('en', { maximumFractionDigits: 4 });

/** `1 report`, `2 reports`. */
export const count = (n: number, noun: string) =>
  `${number(n)} ${n === 1 ? noun : noun.endsWith('y') ? `${noun.slice(0, -1)}ies` : `${noun}s`}`;

type Amount = Pick<Figure, 'value' | 'low' | 'high' | 'of' | 'unit' | 'approximate'>;

export function amount(f: Amount): string {
  let words = f.value !== null ? number(f.value) : '';
  if (f.value === null && f.low !== null && f.high !== null) {
    words = `${number(f.low)} to ${number(f.high)}`;
  } else if (f.value === null && f.low !== null) words = `at least ${number(f.low)}`;
  else if (f.value === null && f.high !== null) words = `at most ${number(f.high)}`;
  if (f.approximate) words = `about ${words}`;
  if (f.of !== null) words += ` of ${number(f.of)}`;
  if (f.unit === 'percent') words += ' %';
  else if (f.unit && /^[A-Z]{3}$/.test(f.unit)) words += ` ${f.unit}`;
  return words;
}

export const names = (parties: Party[]) => parties.map((p) => p.name).join(', ');

/** `A`, `B`, …: what a voice is called within an episode. */
export function voiceLetters(voices: number[]): Map<number, string> {
  const letters = new Map<number, string>();
  for (const voice of voices) {
    const n = letters.size;
    if (!letters.has(voice)) letters.set(voice, n < 26 ? String.fromCharCode(65 + n) : `V${n + 1}`);
  }
  return letters;
}

/** The first so many characters of a text. */
export const clip = (text: string, most = 600) =>
  text.length > most ? `${text.slice(0, most).trimEnd()}…` : text;

/** What a report is called: its title, else its first words. */
export function heading(title: string | null, opening: string): string {
  if (title) return clip(title, 300);
  const words = opening.replace(/\s+/g, ' ').trim();
  if (!words) return 'Untitled report';
  const cut = words.length > 80 ? words.slice(0, 80).replace(/\s+\S*$/, '') : words.replace(/…$/, '');
  return `${cut.replace(/[\s,;:–-]+$/, '')}…`;
}

/** The opening of a report after its heading, which is made of it where there is no title. */
export function afterHeading(title: string | null, opening: string): string {
  if (title) return opening;
  const words = opening.replace(/\s+/g, ' ').trim();
  const head = heading(null, opening).slice(0, -1);
  return words.startsWith(head) ? `…${words.slice(head.length).replace(/^[\s,;:–-]+/, '')}` : words;
}
