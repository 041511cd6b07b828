// The filters of a view. They stand in the address under the API's own names, so that a view can be
// cited and asked for again.

import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { ask, type Route } from '../route';
import { plain, QUADS, STATUSES, TIES, TYPES } from '../words';

export type Field =
  | 'q'
  | 'who'
  | 'whom'
  | 'type'
  | 'quad'
  | 'status'
  | 'deeds'
  | 'from'
  | 'to'
  | 'place'
  | 'outlet'
  | 'tie'
  | 'confidence';

const LABEL: { [field in Field]: string } = {
  q: 'Words',
  who: 'Who',
  whom: 'To whom',
  type: 'Type',
  quad: 'Class',
  status: 'Status',
  deeds: 'Deeds only',
  from: 'From',
  to: 'To',
  place: 'Place',
  outlet: 'Outlet',
  tie: 'Kind',
  confidence: 'Sure to at least',
};

const CHOICES: { [field in Field]?: readonly string[] } = {
  type: TYPES,
  quad: QUADS,
  status: STATUSES,
  tie: TIES,
  confidence: ['0.5', '0.7', '0.9'],
};

const HINT: { [field in Field]?: string } = { who: 'RUS or a name', whom: 'UKR or a name' };

/** The asked filters as a query of the API. */
export function asked(query: URLSearchParams, fields: readonly Field[], more = ''): string {
  const words = new URLSearchParams(more);
  for (const field of fields) {
    const value = query.get(field);
    if (value) words.set(field, value);
  }
  return words.toString();
}

interface FiltersProps {
  route: Route;
  fields: readonly Field[];
  children?: ComponentChildren;
}

export function Filters({ route, fields, children }: FiltersProps) {
  const [open, setOpen] = useState(false);
  const set = fields.filter((field) => route.query.get(field)).length;
  return (
    <form
      class="filters"
      aria-label="Filters"
      data-open={open || undefined}
      onSubmit={(e) => e.preventDefault()}
    >
      <button type="button" class="toggle fold" aria-expanded={open} onClick={() => setOpen(!open)}>
        Filters{set > 0 && ` · ${set} set`}
      </button>
      {fields.map((field) => (
        <One key={field} field={field} value={route.query.get(field) ?? ''} />
      ))}
      {children}
    </form>
  );
}

function One({ field, value }: { field: Field; value: string }) {
  const change = (e: { currentTarget: { value: string } }) => ask(field, e.currentTarget.value);
  if (field === 'deeds') {
    return (
      <label class="check">
        <input
          type="checkbox"
          checked={value === 'true'}
          onChange={(e) => ask(field, e.currentTarget.checked ? 'true' : '')}
        />
        {LABEL[field]}
      </label>
    );
  }
  // An own type may stand in the address.
  const listed = CHOICES[field];
  const choices = listed && value && !listed.includes(value) ? [...listed, value] : listed;
  return (
    <label class={`f-${field}`}>
      <span>{LABEL[field]}</span>
      {choices ? (
        <select value={value} onChange={change} data-set={!!value || undefined}>
          <option value="">any</option>
          {choices.map((choice) => (
            <option key={choice} value={choice}>
              {field === 'confidence' ? `${Number(choice) * 100} %` : plain(choice)}
            </option>
          ))}
        </select>
      ) : field === 'from' || field === 'to' ? (
        <input type="date" value={value} onChange={change} data-set={!!value || undefined} />
      ) : (
        <input
          type="search"
          value={value}
          placeholder={HINT[field]}
          onChange={change}
          data-set={!!value || undefined}
        />
      )}
    </label>
  );
}
