import { expect, it } from 'vitest';
import { dayNumber, isoDay, swarm, ticks } from './scale';

it('counts days', () => {
  expect(dayNumber('1970-01-02')).toBe(1);
  expect(isoDay(dayNumber('2024-02-29') + 1)).toBe('2024-03-01');
});

it('ticks at months, and at years where there are many', () => {
  const months = ticks(dayNumber('2022-11-20'), dayNumber('2023-02-10'), 10);
  expect(months.map((t) => t.label)).toEqual(['Dec', '2023', 'Feb']);
  const years = ticks(dayNumber('2014-03-01'), dayNumber('2023-06-01'), 10);
  expect(years[0]!.label).toBe('2015');
  expect(years.length).toBeLessThanOrEqual(10);
});

it('keeps dots apart', () => {
  const dots = Array.from({ length: 60 }, (_, i) => ({ x: Math.floor(i / 6) * 3, r: 4 }));
  const ys = swarm(dots);
  for (let i = 0; i < dots.length; i += 1) {
    for (let j = i + 1; j < dots.length; j += 1) {
      const apart = Math.hypot(dots[i]!.x - dots[j]!.x, ys[i]! - ys[j]!);
      expect(apart).toBeGreaterThanOrEqual(8);
    }
  }
});
