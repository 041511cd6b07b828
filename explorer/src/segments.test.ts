import { describe, expect, it } from 'vitest';
import { type Mark, paragraphs, Text } from './segments';

const mark = (start: number, end: number, item: string): Mark => ({
  start,
  end,
  item,
  layer: 'event',
  note: '',
});

const shown = (text: string, marks: Mark[]) =>
  paragraphs(new Text(text), marks).map((p) =>
    p.map((s) => [s.text, s.marks.map((m) => m.item).join(' ')]),
  );

describe('Text', () => {
  it('counts code points, not UTF-16 units', () => {
    const text = new Text('a🚢é𝒙b');
    expect(text.length).toBe(5);
    expect(text.slice(1, 2)).toBe('🚢');
    expect(text.slice(2, 5)).toBe('é𝒙b');
    expect(text.slice(4, 99)).toBe('b');
    expect(text.slice(-3, 1)).toBe('a');
  });

  it('takes a lone surrogate as one code point', () => {
    const text = new Text('a\ud83db');
    expect(text.length).toBe(3);
    expect(text.slice(2, 3)).toBe('b');
  });
});

describe('paragraphs', () => {
  it('lays overlapping marks over each other, the shortest first', () => {
    expect(shown('one two three', [mark(0, 7, 'e1'), mark(4, 13, 'e2'), mark(4, 5, 'e3')])).toEqual([
      [
        ['one ', 'e1'],
        ['t', 'e3 e1 e2'],
        ['wo', 'e1 e2'],
        [' three', 'e2'],
      ],
    ]);
  });

  it('carries a mark over a line break', () => {
    expect(shown('🚢 up\n\ndown', [mark(2, 10, 'e1')])).toEqual([
      [
        ['🚢 ', ''],
        ['up', 'e1'],
      ],
      [['down', 'e1']],
    ]);
  });

  it('shows every character once, whatever the marks', () => {
    const text = 'x𝒙\n\nyz🙂 end';
    const marks = [mark(5, 2, 'e1'), mark(1, 400, 'e2'), mark(0, 1, 'e3'), mark(6, 7, 'e4')];
    const flat = paragraphs(new Text(text), marks).flat();
    expect(flat.map((s) => s.text).join('')).toBe(text.replaceAll('\n', ''));
    const whole = new Text(text);
    for (const s of flat) expect(whole.slice(s.start, s.start + new Text(s.text).length)).toBe(s.text);
  });

  it('is empty for an empty text', () => {
    expect(shown('', [])).toEqual([]);
    expect(shown('\n \n', [mark(0, 2, 'e1')])).toEqual([]);
  });
});
