-- Episodes are stored, joined as reports come and go, and what is asked often is kept counted. The
-- tables of items are made again from the records (see `refill` in fill.rs).
DROP VIEW events;
DROP VIEW statements;
DROP VIEW figures;
DROP VIEW ties;
DROP VIEW dyads;
DROP TABLE event;
DROP TABLE event_party;
DROP TABLE statement;
DROP TABLE figure;
DROP TABLE tie;
-- Reports are put into the index many at a time (see `put_all` in store.rs).
DROP TRIGGER report_text_added;
CREATE INDEX report_outlet ON report (outlet COLLATE NOCASE, published);

-- Everybody who stands on a side of an event, an episode, a statement or a tie, once; the counts are
-- counts of episodes.
CREATE TABLE party (
  seq INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  country TEXT,
  code TEXT NOT NULL,
  episodes INTEGER NOT NULL DEFAULT 0,
  deeds INTEGER NOT NULL DEFAULT 0,
  acting INTEGER NOT NULL DEFAULT 0,
  receiving INTEGER NOT NULL DEFAULT 0,
  events INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX party_whole ON party (name, code, coalesce(country, ''));
CREATE INDEX party_country ON party (country);
CREATE INDEX party_code ON party (code);
CREATE INDEX party_most ON party (episodes);

-- Every place of an event, once; `country` is empty where it is unknown.
CREATE TABLE place (
  country TEXT NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (country, name)
) STRICT, WITHOUT ROWID;

-- `day_from` and `day_to` are the days to ask by: its own, else that of publication. `act` is type,
-- status and quad in one number; `long` marks spans of days that lists by day look for apart.
CREATE TABLE event (
  report INTEGER NOT NULL REFERENCES report (seq) ON DELETE CASCADE,
  ordinal INTEGER NOT NULL,
  id TEXT NOT NULL,
  type TEXT NOT NULL,
  mode TEXT,
  contexts TEXT NOT NULL,
  cameo TEXT NOT NULL,
  goldstein REAL NOT NULL,
  quad TEXT NOT NULL,
  status TEXT NOT NULL,
  mutual INTEGER NOT NULL,
  date_from TEXT,
  date_to TEXT,
  basis TEXT,
  day_from TEXT,
  day_to TEXT,
  place TEXT,
  country TEXT,
  confidence REAL NOT NULL,
  damaged INTEGER NOT NULL,
  act INTEGER NOT NULL,
  long INTEGER NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (report, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX event_day ON event (day_from, report, ordinal, day_to, act);
CREATE INDEX event_long ON event (day_from, report, ordinal, day_to, act) WHERE long;
CREATE INDEX event_place ON event (country, place, day_from, report, ordinal, day_to, act)
  WHERE place IS NOT NULL;

CREATE TABLE event_party (
  report INTEGER NOT NULL,
  event INTEGER NOT NULL,
  side TEXT NOT NULL CHECK (side IN ('actor', 'recipient')),
  ordinal INTEGER NOT NULL,
  party INTEGER NOT NULL,
  name TEXT NOT NULL,
  country TEXT,
  code TEXT NOT NULL,
  PRIMARY KEY (report, event, side, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX event_party_party ON event_party (party, report, event, side);

-- By whom an event is asked for: the countries of its sides, or the first words of the codes of
-- those who have none. `bears` is 0 for who acts and 1 for whom it is done to; a side of a joint act
-- does both. `day` is `day_from`, empty where that is unknown.
CREATE TABLE event_side (
  side TEXT NOT NULL,
  day TEXT NOT NULL,
  report INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  bears INTEGER NOT NULL,
  day_to TEXT NOT NULL,
  act INTEGER NOT NULL,
  PRIMARY KEY (side, day, report, ordinal, bears)
) STRICT, WITHOUT ROWID;

CREATE TABLE event_pair (
  who TEXT NOT NULL,
  whom TEXT NOT NULL,
  day TEXT NOT NULL,
  report INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  day_to TEXT NOT NULL,
  act INTEGER NOT NULL,
  PRIMARY KEY (who, whom, day, report, ordinal)
) STRICT, WITHOUT ROWID;

-- `who` is the speaker's key as in `event_side`, `whom` the keys of the others whom it is said to or
-- names, with blanks between them; `statement_pair` has a row for each two.
CREATE TABLE statement (
  report INTEGER NOT NULL REFERENCES report (seq) ON DELETE CASCADE,
  ordinal INTEGER NOT NULL,
  id TEXT NOT NULL,
  speaker TEXT,
  country TEXT,
  code TEXT,
  addressee TEXT,
  addressee_country TEXT,
  addressee_code TEXT,
  stance TEXT,
  form TEXT NOT NULL,
  date_from TEXT,
  date_to TEXT,
  day_from TEXT,
  day_to TEXT,
  damaged INTEGER NOT NULL,
  long INTEGER NOT NULL,
  who TEXT,
  whom TEXT NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (report, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX statement_day ON statement (day_from, report, ordinal, day_to);
CREATE INDEX statement_long ON statement (day_from, report, ordinal, day_to) WHERE long;
CREATE INDEX statement_speaker ON statement (speaker, day_from, report, ordinal, day_to)
  WHERE speaker IS NOT NULL;
CREATE INDEX statement_country ON statement (country, day_from, report, ordinal, day_to)
  WHERE country IS NOT NULL;
CREATE TABLE statement_pair (
  who TEXT NOT NULL,
  whom TEXT NOT NULL,
  day TEXT NOT NULL,
  report INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  day_to TEXT NOT NULL,
  PRIMARY KEY (who, whom, day, report, ordinal)
) STRICT, WITHOUT ROWID;

-- `speaker` is who gives the figure, where the report tells.
CREATE TABLE figure (
  report INTEGER NOT NULL REFERENCES report (seq) ON DELETE CASCADE,
  ordinal INTEGER NOT NULL,
  id TEXT NOT NULL,
  value REAL,
  low REAL,
  high REAL,
  whole REAL,
  unit TEXT,
  counted TEXT,
  casualty TEXT,
  about TEXT,
  speaker TEXT,
  approximate INTEGER NOT NULL,
  change TEXT,
  damaged INTEGER NOT NULL,
  text TEXT NOT NULL,
  sentence TEXT NOT NULL,
  PRIMARY KEY (report, ordinal)
) STRICT, WITHOUT ROWID;

-- `leans` is the name of the side that depends more on the other.
CREATE TABLE tie (
  report INTEGER NOT NULL REFERENCES report (seq) ON DELETE CASCADE,
  ordinal INTEGER NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  from_name TEXT NOT NULL,
  from_country TEXT,
  from_code TEXT NOT NULL,
  to_name TEXT NOT NULL,
  to_country TEXT,
  to_code TEXT NOT NULL,
  leans TEXT,
  trend TEXT,
  commodity TEXT,
  confidence REAL NOT NULL,
  damaged INTEGER NOT NULL,
  day TEXT,
  text TEXT NOT NULL,
  PRIMARY KEY (report, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX tie_day ON tie (day, report, ordinal);
CREATE INDEX tie_from ON tie (from_country, to_country, day, report, ordinal);
CREATE INDEX tie_to ON tie (to_country, day, report, ordinal);

-- Which reports are near-copies of one text: those of one voice. A report that stands alone has no
-- row, and goes by its own number. `print` holds the numbers of which near-copies share one.
CREATE TABLE voice (
  report INTEGER PRIMARY KEY,
  voice INTEGER NOT NULL
) STRICT;
CREATE INDEX voice_voice ON voice (voice);
CREATE TABLE print (
  print INTEGER NOT NULL,
  report INTEGER NOT NULL,
  PRIMARY KEY (print, report)
) STRICT, WITHOUT ROWID;

-- Every event as a telling of an episode; `fit` is how well it fits the others there, `told` what
-- joining and telling it need (told.rs).
CREATE TABLE telling (
  report INTEGER NOT NULL,
  event INTEGER NOT NULL,
  episode INTEGER NOT NULL,
  fit REAL NOT NULL,
  told BLOB NOT NULL,
  PRIMARY KEY (report, event)
) STRICT, WITHOUT ROWID;
CREATE INDEX telling_episode ON telling (episode);

-- Where tellings that may be of one happening find each other; the other columns sieve them.
CREATE TABLE block (
  block INTEGER NOT NULL,
  report INTEGER NOT NULL,
  event INTEGER NOT NULL,
  act INTEGER NOT NULL,
  first INTEGER,
  last INTEGER,
  PRIMARY KEY (block, report, event)
) STRICT, WITHOUT ROWID;

-- `seq` is the episode's id without `ep-`, read as a hexadecimal number.
CREATE TABLE episode (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  type TEXT NOT NULL,
  quad TEXT NOT NULL,
  status TEXT NOT NULL,
  deed INTEGER NOT NULL,
  mutual INTEGER NOT NULL,
  date_from TEXT,
  date_to TEXT,
  place TEXT,
  country TEXT,
  lat REAL,
  lon REAL,
  goldstein REAL NOT NULL,
  reports INTEGER NOT NULL,
  voices INTEGER NOT NULL,
  events INTEGER NOT NULL,
  disagreements INTEGER NOT NULL,
  act INTEGER NOT NULL,
  long INTEGER NOT NULL
) STRICT;
CREATE INDEX episode_day ON episode (date_from, seq, date_to, act);
CREATE INDEX episode_long ON episode (date_from, seq, date_to, act) WHERE long;
CREATE INDEX episode_voices ON episode (voices, disagreements, reports) WHERE voices > 1;

CREATE TABLE episode_party (
  episode INTEGER NOT NULL,
  side TEXT NOT NULL CHECK (side IN ('actor', 'recipient')),
  ordinal INTEGER NOT NULL,
  party INTEGER NOT NULL,
  day TEXT NOT NULL,
  PRIMARY KEY (episode, side, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX episode_party_party ON episode_party (party, day, episode, side);

-- As `event_side` and `event_pair`.
CREATE TABLE episode_side (
  side TEXT NOT NULL,
  day TEXT NOT NULL,
  episode INTEGER NOT NULL,
  bears INTEGER NOT NULL,
  day_to TEXT NOT NULL,
  act INTEGER NOT NULL,
  PRIMARY KEY (side, day, episode, bears)
) STRICT, WITHOUT ROWID;

CREATE TABLE episode_pair (
  who TEXT NOT NULL,
  whom TEXT NOT NULL,
  day TEXT NOT NULL,
  episode INTEGER NOT NULL,
  day_to TEXT NOT NULL,
  act INTEGER NOT NULL,
  PRIMARY KEY (who, whom, day, episode)
) STRICT, WITHOUT ROWID;

-- Counts of episodes by what they are: `of` is `all`, `type`, `quad`, `status` or `dyad`.
CREATE TABLE tally (
  of TEXT NOT NULL,
  name TEXT NOT NULL,
  episodes INTEGER NOT NULL,
  deeds INTEGER NOT NULL,
  events INTEGER NOT NULL,
  goldstein INTEGER NOT NULL,
  several INTEGER NOT NULL,
  disagreements INTEGER NOT NULL,
  PRIMARY KEY (of, name)
) STRICT, WITHOUT ROWID;

-- Views for questions in SQL: one row for each item as told, with its report beside it.
CREATE VIEW events AS
SELECT r.id AS report, e.id AS event, r.outlet, r.published, e.type, e.mode, e.cameo, e.goldstein,
  e.quad, e.status, e.status IN ('happened', 'ongoing') AS deed, e.mutual,
  (SELECT group_concat(coalesce(p.country, p.code), ' ') FROM event_party p
   WHERE p.report = e.report AND p.event = e.ordinal AND p.side = 'actor') AS who,
  (SELECT group_concat(coalesce(p.country, p.code), ' ') FROM event_party p
   WHERE p.report = e.report AND p.event = e.ordinal AND p.side = 'recipient') AS whom,
  e.day_from, e.day_to, e.basis, e.place, e.country, e.confidence, e.damaged, e.text
FROM event e JOIN report r ON r.seq = e.report;

CREATE VIEW statements AS
SELECT r.id AS report, s.id AS statement, r.outlet, r.published, s.speaker, s.country, s.code,
  s.addressee, s.addressee_country, s.stance, s.form, s.day_from, s.day_to, s.damaged, s.text
FROM statement s JOIN report r ON r.seq = s.report;

CREATE VIEW figures AS
SELECT r.id AS report, f.id AS figure, r.outlet, r.published, f.value, f.low, f.high, f.whole,
  f.unit, f.counted, f.casualty, f.about, f.speaker, f.approximate, f.change, f.text, f.sentence
FROM figure f JOIN report r ON r.seq = f.report;

CREATE VIEW ties AS
SELECT r.id AS report, t.id AS tie, r.outlet, r.published, t.kind, t.from_name, t.from_country,
  t.to_name, t.to_country, t.leans, t.trend, t.commodity, t.confidence, t.text
FROM tie t JOIN report r ON r.seq = t.report;

-- What one country did to another, as told: count episodes for happenings.
CREATE VIEW dyads AS
SELECT a.country AS who, b.country AS whom, e.day_from, e.type, e.quad, e.status, e.goldstein,
  r.id AS report, e.id AS event, r.outlet
FROM event e
JOIN report r ON r.seq = e.report
JOIN event_party a ON a.report = e.report AND a.event = e.ordinal AND a.side = 'actor'
JOIN event_party b ON b.report = e.report AND b.event = e.ordinal
  AND (b.side = 'recipient' OR (e.mutual AND b.ordinal <> a.ordinal))
WHERE a.country <> b.country;

CREATE VIEW episodes AS
SELECT e.id, e.type, e.quad, e.status, e.deed,
  (SELECT group_concat(c, ' ') FROM (SELECT DISTINCT coalesce(p.country, p.code) AS c
   FROM episode_party s JOIN party p ON p.seq = s.party
   WHERE s.episode = e.seq AND s.side = 'actor' ORDER BY c)) AS who,
  (SELECT group_concat(c, ' ') FROM (SELECT DISTINCT coalesce(p.country, p.code) AS c
   FROM episode_party s JOIN party p ON p.seq = s.party
   WHERE s.episode = e.seq AND s.side = 'recipient' ORDER BY c)) AS whom,
  e.mutual, e.date_from, e.date_to, e.place, e.goldstein, e.reports, e.voices, e.disagreements
FROM episode e;

CREATE VIEW tellings AS
SELECT e.id AS episode, r.id AS report, v.id AS event, coalesce(o.voice, t.report) AS voice, r.outlet,
  r.published, v.text
FROM telling t
JOIN episode e ON e.seq = t.episode
JOIN report r ON r.seq = t.report
JOIN event v ON v.report = t.report AND v.ordinal = t.event
LEFT JOIN voice o ON o.report = t.report;
