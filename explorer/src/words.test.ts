import { expect, it } from 'vitest';
import { afterHeading, count, day, days, heading, months, voiceLetters } from './words';

it('says a day and a range as short as it can', () => {
  expect(day('2022-12-30')).toBe('30 Dec 2022');
  expect(day(null)).toBe('');
  expect(days('2022-12-30', '2022-12-30')).toBe('30 Dec 2022');
  expect(days('2022-12-01', '2022-12-03')).toBe('1–3 Dec 2022');
  expect(days('2022-12-30', '2023-01-02')).toBe('30 Dec 2022 – 2 Jan 2023');
  expect(days('2022-11-30', '2022-12-02')).toBe('30 Nov – 2 Dec 2022');
  expect(days('2023-02-01', '2023-02-28')).toBe('Feb 2023');
  expect(days('2023-03-01', '2023-05-31')).toBe('Mar–May 2023');
  expect(days('2019-01-01', '2019-12-31')).toBe('2019');
  expect(days('2014-01-01', '2022-12-31')).toBe('2014–2022');
  expect(days(null, '2022-12-31')).toBe('until 31 Dec 2022');
});

it('says a long range by its months', () => {
  expect(months('2021-01-03', '2023-09-20')).toBe('Jan 2021 – Sep 2023');
  expect(months('2023-09-01', '2023-09-20')).toBe('Sep 2023');
  expect(months('2023-09-01', null)).toBe('Sep 2023');
});

it('counts', () => {
  expect([count(1, 'report'), count(1200, 'party')]).toEqual(['1 report', '1,200 parties']);
});

it('calls voices by letters in the order in which they come', () => {
  expect([...voiceLetters([7, 3, 7, 9])]).toEqual([
    [7, 'A'],
    [3, 'B'],
    [9, 'C'],
  ]);
});

it('calls a report without a title by its first words', () => {
  expect(heading('A pact', 'Norway signed')).toBe('A pact');
  expect(heading(null, 'Norway and\nIceland signed.')).toBe('Norway and Iceland signed.…');
  expect(heading(null, `${'word '.repeat(30)}`)).toBe(`${'word '.repeat(16).trim()}…`);
  expect(heading(null, ' \n')).toBe('Untitled report');
});

it('goes on after a heading that is made of the first words', () => {
  const opening = `Norway signed a pact, ${'word '.repeat(30)}end`;
  const head = heading(null, opening).slice(0, -1);
  expect(`${head} ${afterHeading(null, opening).slice(1)}`).toBe(opening);
  expect(afterHeading(null, `${'w'.repeat(75)}, and ${'x'.repeat(20)}`)).toBe(`…and ${'x'.repeat(20)}`);
  expect(afterHeading('A pact', 'Norway signed')).toBe('Norway signed');
  expect(heading(null, `${'w'.repeat(74)} so, ${'w'.repeat(9)}`)).toBe(`${'w'.repeat(74)} so…`);
});
