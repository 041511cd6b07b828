// Days on a line, and dots that do not cover each other.

const DAY = 86_400_000;

export const dayNumber = (iso: string): number => Math.floor(Date.parse(`${iso}T00:00:00Z`) / DAY);

export const isoDay = (n: number): string => new Date(n * DAY).toISOString().slice(0, 10);

export interface Tick {
  at: number;
  label: string;
}

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const STEPS = [1, 3, 6, 12, 24, 60, 120, 240, 600, 1200];

/** Beginnings of months or years between two days, some `most` of them at the most. */
export function ticks(from: number, to: number, most: number): Tick[] {
  const months = (to - from) / 30.4;
  const step = STEPS.find((s) => months / s <= most) ?? 1200;
  const start = new Date(from * DAY);
  let month = start.getUTCFullYear() * 12 + start.getUTCMonth();
  month = Math.ceil(month / step) * step;
  const found: Tick[] = [];
  for (; ; month += step) {
    const [year, m] = [Math.floor(month / 12), month % 12];
    const at = dayNumber(`${String(year).padStart(4, '0')}-${String(m + 1).padStart(2, '0')}-01`);
    if (at > to || Number.isNaN(at)) return found;
    const label = m === 0 || step >= 12 ? String(year) : MONTHS[m]!;
    if (at >= from) found.push({ at, label });
  }
}

export interface Dot {
  x: number;
  r: number;
}

/** For each dot the distance from the middle line at which it touches no other. Dots come sorted
 * by x; the result's sign alternates so that a crowd grows to both sides. */
export function swarm(dots: Dot[], gap = 1): number[] {
  const placed: { x: number; y: number; r: number }[] = [];
  let first = 0;
  return dots.map((dot) => {
    while (first < placed.length && placed[first]!.x < dot.x - 40) first += 1;
    const near = placed.slice(first);
    const free = (y: number) =>
      near.every((p) => (p.x - dot.x) ** 2 + (p.y - y) ** 2 >= (p.r + dot.r + gap) ** 2);
    let y = 0;
    for (let i = 1; !free(y) && i < 400; i += 1) y = (i % 2 ? 1 : -1) * Math.ceil(i / 2) * 2;
    placed.push({ x: dot.x, y, r: dot.r });
    return y;
  });
}

/** Every month from one to another, as `2022-07`. */
export function monthsOf([from, to]: [string, string]): string[] {
  const found: string[] = [];
  let [year, month] = from.split('-').map(Number) as [number, number];
  for (;;) {
    const name = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}`;
    if (name > to || found.length > 6000) return found;
    found.push(name);
    if (month === 12) [year, month] = [year + 1, 1];
    else month += 1;
  }
}
