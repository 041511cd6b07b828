// The record of a report and the archive's answers, as the API gives them (schema dyad/1).

export type Quad =
  | 'verbal_cooperation'
  | 'material_cooperation'
  | 'verbal_conflict'
  | 'material_conflict';

export type Status =
  | 'happened'
  | 'ongoing'
  | 'planned'
  | 'called_for'
  | 'threatened'
  | 'refused'
  | 'denied'
  | 'supposed';

/** Code points of the report's text, end exclusive. */
export interface Span {
  start: number;
  end: number;
}

export interface EventTime {
  from: string | null;
  to: string | null;
  text: string | null;
  basis: 'stated' | 'inherited' | 'published';
}

export interface Event {
  id: string;
  type: string;
  mode: string | null;
  contexts: string[];
  cameo: string;
  goldstein: number;
  quad: Quad;
  actors: string[];
  recipients: string[];
  mutual: boolean;
  time: EventTime | null;
  place: string | null;
  place_basis: 'stated' | 'inherited' | null;
  status: Status;
  statement: string | null;
  evidence: Span[];
  trigger: Span;
  confidence: number;
  damaged: boolean;
  found_by: string;
  from: string[];
}

export interface Statement {
  id: string;
  speaker: string | null;
  source: Span | null;
  through: string[];
  addressee: string | null;
  cue: Span | null;
  content: Span[];
  form: 'quoted' | 'reported' | 'free';
  time: EventTime | null;
  damaged: boolean;
  found_by: string;
  from: string[];
}

export interface Figure extends Span {
  id: string;
  value: number | null;
  low: number | null;
  high: number | null;
  of: number | null;
  unit: string | null;
  counted: string | null;
  casualty: string | null;
  about: string | null;
  approximate: boolean;
  change: 'rise' | 'fall' | null;
  text: string;
  statement: string | null;
  damaged: boolean;
  found_by: string;
  from: string[];
}

export interface Tie {
  id: string;
  kind: string;
  from: string;
  to: string;
  trend: 'rising' | 'falling' | 'steady' | null;
  asymmetry: string | null;
  commodity: string | null;
  statement: string | null;
  evidence: Span[];
  confidence: number;
  damaged: boolean;
  found_by: string;
  stands_on: string[];
}

export interface Actor {
  id: string;
  name: string;
  kind: string;
  country: string | null;
  organisation: string | null;
  sector: string;
  code: string;
  role: string | null;
  mentions: (Span & { how: string })[];
}

export interface Place {
  id: string;
  name: string;
  country: string | null;
  admin1: string | null;
  lat: number | null;
  lon: number | null;
  gazetteer_id: string | null;
  mentions: Span[];
}

export interface Time extends Span {
  text: string;
  type: string;
  from: string | null;
  to: string | null;
  value: string | null;
  granularity: string;
}

/** Who or what had a part in an attack. */
export interface Participant {
  id: string;
  part: string;
  name: string;
  mentions: Span[];
  actor: string | null;
  event: string;
  confidence: number;
}

export interface Passage extends Span {
  kind: 'body' | 'furniture' | 'damaged';
  why: string;
}

export interface Record {
  schema: string;
  report: {
    id: string;
    title: string | null;
    outlet: string | null;
    byline: string | null;
    url: string | null;
    published: string | null;
    fetched: string | null;
    language: string;
    text: string;
  };
  reader: { program: string; model: string; lexicons: { [name: string]: string } };
  passages: Passage[];
  events: Event[];
  /** Records of an older reader have none. */
  participants?: Participant[];
  statements: Statement[];
  figures: Figure[];
  ties: Tie[];
  actors: Actor[];
  places: Place[];
  times: Time[];
  notes: string[];
  /** What people said against it, where it comes from an archive. */
  corrections?: Correction[];
}

export interface ReportHead {
  id: string;
  title: string | null;
  outlet: string | null;
  url: string | null;
  published: string | null;
  opening: string;
  events: number;
  statements: number;
  figures: number;
  ties: number;
  damaged: number;
  /** Matches stand between U+0002 and U+0003. */
  snippet: string | null;
}

export interface Party {
  name: string;
  country: string | null;
  code: string;
}

export interface Telling {
  report: string;
  event: string;
  title: string | null;
  outlet: string | null;
  published: string | null;
  voice: number;
  status: Status;
  from: string | null;
  to: string | null;
  place: string | null;
  evidence: Span[];
  text: string;
}

export interface Claim {
  value: string;
  report: string;
  outlet: string | null;
  published: string | null;
  voice: number;
  speaker: string | null;
  item: string;
  text: string;
}

export interface Disagreement {
  matter: 'figure' | 'date' | 'place' | 'side' | 'status';
  subject: string;
  claims: Claim[];
}

export interface Episode {
  id: string;
  type: string;
  quad: Quad;
  status: Status;
  deed: boolean;
  actors: Party[];
  recipients: Party[];
  mutual: boolean;
  from: string | null;
  to: string | null;
  place: string | null;
  place_country: string | null;
  lat: number | null;
  lon: number | null;
  goldstein: number;
  tellings: Telling[];
  outlets: string[];
  reports: number;
  voices: number;
  disagreements: Disagreement[];
}

export interface Summary {
  reports: number;
  voices: number;
  outlets: number;
  published_from: string | null;
  published_to: string | null;
  events: number;
  statements: number;
  figures: number;
  ties: number;
  episodes: number;
  deeds: number;
  told_by_several: number;
  disagreements: number;
  dyads: {
    from: string;
    to: string;
    episodes: number;
    deeds: number;
    events: number;
    goldstein: number;
  }[];
}

export interface Counts {
  episodes: number;
  deeds: number;
  verbal_cooperation: number;
  material_cooperation: number;
  verbal_conflict: number;
  material_conflict: number;
  goldstein: number;
}

/** What one actor does to another. */
export interface Edge extends Counts {
  from: string;
  to: string;
}

export interface Scene extends Counts {
  place: string;
  country: string | null;
  lat: number;
  lon: number;
}

/** What every row of one report carries. */
interface InReport {
  report: string;
  title: string | null;
  outlet: string | null;
  published: string | null;
  damaged: boolean;
  text: string;
}

export interface EventRow extends InReport {
  event: string;
  type: string;
  mode: string | null;
  quad: Quad;
  status: Status;
  actors: Party[];
  recipients: Party[];
  mutual: boolean;
  from: string | null;
  to: string | null;
  place: string | null;
  confidence: number;
  episode: string | null;
}

export interface StatementRow extends InReport {
  statement: string;
  speaker: Party | null;
  addressee: Party | null;
  stance: string | null;
  form: 'quoted' | 'reported' | 'free';
  from: string | null;
  to: string | null;
}

export interface FigureRow extends InReport {
  figure: string;
  value: number | null;
  low: number | null;
  high: number | null;
  of: number | null;
  unit: string | null;
  counted: string | null;
  approximate: boolean;
  change: 'rise' | 'fall' | null;
  speaker: string | null;
  sentence: string;
}

export interface TieRow extends InReport {
  tie: string;
  kind: string;
  from: Party;
  to: Party;
  /** Name of the side that depends more on the other. */
  leans: string | null;
  trend: 'rising' | 'falling' | 'steady' | null;
  commodity: string | null;
  confidence: number;
}

export interface ActorRow {
  name: string;
  country: string | null;
  code: string;
  episodes: number;
  deeds: number;
  acting: number;
  receiving: number;
  events: number;
  from: string | null;
  to: string | null;
}

export interface ExplainedWord {
  id: number;
  form: string;
  lemma: string;
  upos: string;
  xpos: string;
  head: number;
  deprel: string;
  /** What the item takes the word for, as `trigger`; empty for other words. */
  role: string;
}

/** Why an item was read. */
export interface Explanation {
  item: string;
  coded: string;
  words: ExplainedWord[];
  found_by: string;
  /** The line of the lexicon behind it, its cells with tabs between them. */
  rule?: string;
  because: string[];
  from: string[];
  confidence?: number;
  runners_up: { code: string; confidence?: number; rule?: string }[];
}

export interface Explained {
  items: Explanation[];
  /** Ids of items that this version of dyad reads otherwise. */
  otherwise: string[];
}

/** Counts of episodes by class. */
export type ByClass = { [quad in Quad]: number };

/** Episodes of one way between two sides. */
export interface Way extends ByClass {
  from: string;
  to: string;
  together: boolean;
  deeds: number;
  goldstein: number;
  months: (ByClass & { month: string })[];
}

/** Two sides and what passed between them; lists hold the latest. */
export interface PairPage {
  a: string;
  b: string;
  ways: Way[];
  standing: { kind: string; told: number; a_leans: number; b_leans: number }[];
  told: { episodes: number; statements: number; ties: number };
  episodes: Episode[];
  statements: StatementRow[];
  ties: TieRow[];
}

/** An episode without its tellings. */
export interface Dot {
  id: string;
  type: string;
  quad: Quad;
  status: Status;
  deed: boolean;
  actors: Party[];
  recipients: Party[];
  mutual: boolean;
  from: string;
  to: string;
  voices: number;
  disagreements: number;
}

export interface Timeline {
  /** First and last day of what is shown. */
  from: string;
  to: string;
  episodes: number;
  earlier: number;
  later: number;
  undated: number;
  /** Days that a bar counts. */
  step: number;
  bars: { from: string; quad: Quad; episodes: number; deeds: number }[];
  /** Each episode, where there are few. */
  dots: Dot[];
}

/** One direction of trade of one state with the other. */
export interface Flow {
  value: number;
  total: number | null;
  share: number | null;
  basis: 'reported' | 'mirror' | 'reconciled';
  months: number | null;
}

export interface TradeSide {
  state: string;
  on: string;
  exports: Flow | null;
  imports: Flow | null;
  trade_share: number | null;
}

export interface TradeYear {
  year: number;
  sides: [TradeSide, TradeSide];
  interdependence: number | null;
  /** Above 0 the first state leans on the second more. */
  asymmetry: number | null;
  leans: string | null;
}

/** What a report said of two states' trade. */
export interface TradeClaim {
  kind: string;
  report: string;
  item: string;
  outlet: string | null;
  title: string | null;
  published: string | null;
  year: number | null;
  speaker: string | null;
  from: string | null;
  to: string | null;
  trend: string | null;
  leans: string | null;
  commodity: string | null;
  value: number | null;
  unit: string | null;
  change: string | null;
  damaged: boolean;
  text: string;
  beside: {
    measure: string;
    year: number;
    of: string | null;
    value: number;
    agrees: boolean | null;
  }[];
}

/** What the trade tables tell that the service was started with. */
export interface Dependences {
  tables: string[];
  faulty: number;
  years: TradeYear[];
  claims: TradeClaim[];
}

/** The words that a sentence stands on. */
export interface Source {
  report: string;
  item: string;
  outlet: string | null;
  published: string | null;
  words: string;
}

/** A rule was met. */
export interface Notice {
  rule: string;
  from: string;
  to: string;
  episodes: number;
  usual: number | null;
  crossed_by: string;
  evidence: { text: string; sources: Source[] }[];
}

export type ItemKind = 'event' | 'statement' | 'figure' | 'tie';

/** One item of a report as a person has it. */
export interface Correction {
  id: string;
  report: string;
  kind: ItemKind;
  action: 'amend' | 'reject' | 'add';
  item: string | null;
  spans: Span[];
  words: string;
  machine: { [field: string]: unknown } | null;
  found_by: string | null;
  change: { [field: string]: unknown } | null;
  who: string;
  when: string;
  why: string;
  withdrawn: { who: string; when: string } | null;
}

/** Who asks, and what they may do. */
export interface Caller {
  /** The name of the token, where tokens are needed. */
  name: string | null;
  role: 'reader' | 'editor';
}

/** What became of a report that was sent or fetched. */
export interface Stored {
  line: number;
  report: string | null;
  outcome: 'added' | 'reread' | 'unchanged' | 'failed';
  error: string | null;
}

/** A page that was fetched and read, and not stored. */
export interface Looked {
  record: Record;
  items: Explanation[];
}
