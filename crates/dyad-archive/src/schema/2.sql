-- What questions are asked by: codes of every side, days filled in, confidence of ties. The tables
-- of items are made again from the records (see `refill` in store.rs).
DROP TABLE event;
DROP TABLE event_party;
DROP TABLE statement;
DROP TABLE figure;
DROP TABLE tie;

-- `day_from` and `day_to` are the days to ask by: its own, else that of publication.
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
  text TEXT NOT NULL,
  PRIMARY KEY (report, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX event_day ON event (day_from, report, ordinal);
CREATE INDEX event_type ON event (type, day_from);

CREATE TABLE event_party (
  report INTEGER NOT NULL REFERENCES report (seq) ON DELETE CASCADE,
  event INTEGER NOT NULL,
  side TEXT NOT NULL CHECK (side IN ('actor', 'recipient')),
  ordinal INTEGER NOT NULL,
  name TEXT NOT NULL,
  country TEXT,
  code TEXT NOT NULL,
  PRIMARY KEY (report, event, side, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX event_party_country ON event_party (country, side);
CREATE INDEX event_party_code ON event_party (code, side);

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
  text TEXT NOT NULL,
  PRIMARY KEY (report, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX statement_day ON statement (day_from, report, ordinal);
CREATE INDEX statement_country ON statement (country);
CREATE INDEX statement_code ON statement (code);

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
  text TEXT NOT NULL,
  PRIMARY KEY (report, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX tie_kind ON tie (kind);
