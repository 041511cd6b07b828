// Small things that several pages show.

import type { Asked } from '../api';
import type { Party, Quad, Status } from '../record';
import { clip, isDeed, plain } from '../words';

export const QuadDot = ({ quad, hollow }: { quad: Quad; hollow?: boolean }) => (
  <span class={`dot ${quad}`} data-hollow={hollow || undefined} title={plain(quad)} />
);

/** Nothing for what happened: only what did not simply happen needs saying. */
export const StatusChip = ({ status }: { status: Status }) =>
  status === 'happened' ? null : (
    <span class={`chip ${isDeed(status) ? '' : 'undone'}`}>{plain(status)}</span>
  );

interface ActProps {
  quad: Quad;
  type: string;
  mode?: string | null;
  status: Status;
}

export const Act = ({ quad, type, mode, status }: ActProps) => (
  <span class="act">
    <QuadDot quad={quad} hollow={!isDeed(status)} />
    <span class={`type ${quad}`}>{type}</span>
    {mode && <span class="mode">{plain(mode)}</span>}
    <StatusChip status={status} />
  </span>
);

interface SidesProps {
  actors: Party[];
  recipients: Party[];
  mutual: boolean;
}

const Names = ({ parties }: { parties: Party[] }) => (
  <>
    {parties.map((p, i) => (
      <span key={i}>
        {i > 0 && ', '}
        <span class="name">{clip(p.name, 120)}</span> <code>{p.code}</code>
      </span>
    ))}
  </>
);

/** Who did it to whom; a side that is not told is shown as not told. */
export function Sides({ actors, recipients, mutual }: SidesProps) {
  if (mutual && recipients.length === 0) {
    return (
      <span class="sides">
        {actors.map((p, i) => (
          <span key={i}>
            {i > 0 && <span class="arrow"> ⇄ </span>}
            <Names parties={[p]} />
          </span>
        ))}
      </span>
    );
  }
  return (
    <span class="sides">
      {actors.length ? <Names parties={actors} /> : <span class="untold">not told</span>}
      {recipients.length > 0 && (
        <>
          <span class="arrow"> {mutual ? '⇄' : '→'} </span>
          <Names parties={recipients} />
        </>
      )}
    </span>
  );
}

/** How sure the reader is, as a bar and a number. */
export const Confidence = ({ value }: { value: number }) => (
  <span class="confidence" title={`confidence ${value.toFixed(2)}`}>
    <meter min={0} max={1} value={value} aria-label="confidence" />
    {Math.round(value * 100)}
  </span>
);

export function Waiting<T>({ asked }: { asked: Asked<T> }) {
  return asked.error ? (
    <p class="trouble" role="alert">
      {asked.error}
    </p>
  ) : (
    <p class="waiting" aria-live="polite">
      …
    </p>
  );
}
