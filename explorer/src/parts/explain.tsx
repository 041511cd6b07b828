// Why an item was read: its words and what each is to it, the rule behind it, and what else it might
// have been.

import { useEffect, useRef, useState } from 'preact/hooks';
import type { ExplainedWord, Explained, Explanation, Record } from '../record';
import { plain } from '../words';

export type Explain = () => Promise<Explained>;

interface Known {
  of: Record;
  told: Explained | null;
  error: string;
}

/** Asked for when the first item is opened: the report is read again for it. */
export function useExplained(record: Record, explain: Explain, wanted: boolean): Known {
  const first = { of: record, told: null, error: '' };
  const [known, setKnown] = useState<Known>(first);
  const asked = useRef<Record | null>(null);
  useEffect(() => {
    if (!wanted || asked.current === record) return;
    asked.current = record;
    setKnown(first);
    explain().then(
      (told) => asked.current === record && setKnown({ ...first, told }),
      (error: Error) => asked.current === record && setKnown({ ...first, error: error.message }),
    );
  }, [record, wanted]);
  return known.of === record ? known : first;
}

export function Why({ known, id }: { known: Known; id: string }) {
  if (known.error) return <p class="trouble">{known.error}</p>;
  if (!known.told) return <p class="waiting">…</p>;
  if (known.told.otherwise.includes(id)) {
    return (
      <p class="fact dim">
        This version of dyad reads it otherwise, or it was corrected: there is no parse of it to
        show.
      </p>
    );
  }
  const found = known.told.items.find((e) => e.item === id);
  return found ? <Told explanation={found} /> : null;
}

function Told({ explanation: e }: { explanation: Explanation }) {
  return (
    <div class="why">
      <p class="parsed">
        {e.words.map((word) => (
          <Word key={word.id} word={word} />
        ))}
      </p>
      {e.rule && (
        <p class="rule" aria-label="The line of the lexicon">
          {e.rule.trimEnd().split('\t').map((cell, i) => (
            <code key={i}>{cell || '·'}</code>
          ))}
        </p>
      )}
      {e.because.length > 0 && (
        <ul class="because">
          {e.because.map((sign, i) => (
            <li key={i}>{sign}</li>
          ))}
        </ul>
      )}
      {e.runners_up.length > 0 && (
        <table class="others">
          <caption>Or else</caption>
          <tbody>
            {e.runners_up.map((other) => (
              <tr key={other.code + other.rule}>
                <th scope="row">{other.code}</th>
                <td class="num">
                  {other.confidence === undefined ? '' : `${Math.round(other.confidence * 100)} %`}
                </td>
                <td class="dim">{other.rule?.trimEnd().split('\t').filter(Boolean).join(' · ')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {e.words.length > 0 && (
        <details>
          <summary>Parse</summary>
          <div class="scroll" role="region" aria-label="Parse" tabIndex={0}>
            <Parse words={e.words} />
          </div>
        </details>
      )}
    </div>
  );
}

/** Signs that stand close to the word before them. */
const CLOSE = /^(?:[.,;:!?)\]}%’”'"]|n't|'\w+)$/;

const Word = ({ word }: { word: ExplainedWord }) => (
  <>
    {word.id > 1 && !CLOSE.test(word.form) && ' '}
    {word.role ? (
      <ruby class={`r-${word.role}`}>
        {word.form}
        <rt>{plain(word.role)}</rt>
      </ruby>
    ) : (
      word.form
    )}
  </>
);

const Parse = ({ words }: { words: ExplainedWord[] }) => (
  <table class="parse">
    <thead>
      <tr>
        <th>#</th>
        <th>word</th>
        <th>lemma</th>
        <th>tag</th>
        <th>head</th>
        <th>relation</th>
      </tr>
    </thead>
    <tbody>
      {words.map((w) => (
        <tr key={w.id} data-role={w.role || undefined}>
          <td class="n">{w.id}</td>
          <td>{w.form}</td>
          <td class="dim">{w.lemma}</td>
          <td class="dim">
            {w.upos} {w.xpos !== w.upos && w.xpos}
          </td>
          <td class="n">{w.head || 'root'}</td>
          <td>{w.deprel}</td>
        </tr>
      ))}
    </tbody>
  </table>
);
