CREATE TABLE report (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  title TEXT,
  outlet TEXT,
  byline TEXT,
  url TEXT,
  published TEXT,
  fetched TEXT,
  language TEXT NOT NULL,
  text TEXT NOT NULL,
  sketch BLOB NOT NULL
) STRICT;
CREATE INDEX report_published ON report (published);

-- One row for each reading of a report; the newest counts.
CREATE TABLE reading (
  seq INTEGER PRIMARY KEY,
  report INTEGER NOT NULL REFERENCES report (seq) ON DELETE CASCADE,
  program TEXT NOT NULL,
  model TEXT NOT NULL,
  record TEXT NOT NULL
) STRICT;
CREATE INDEX reading_report ON reading (report, seq);

CREATE TABLE event (
  report INTEGER NOT NULL REFERENCES report (seq) ON DELETE CASCADE,
  ordinal INTEGER NOT NULL,
  id TEXT NOT NULL,
  type TEXT NOT NULL,
  mode TEXT,
  cameo TEXT NOT NULL,
  goldstein REAL NOT NULL,
  quad TEXT NOT NULL,
  status TEXT NOT NULL,
  mutual INTEGER NOT NULL,
  date_from TEXT,
  date_to TEXT,
  basis TEXT,
  place TEXT,
  country TEXT,
  confidence REAL NOT NULL,
  damaged INTEGER NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (report, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX event_type ON event (type, status, date_from);
CREATE INDEX event_date ON event (date_from, date_to);

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

CREATE TABLE statement (
  report INTEGER NOT NULL REFERENCES report (seq) ON DELETE CASCADE,
  ordinal INTEGER NOT NULL,
  id TEXT NOT NULL,
  speaker TEXT,
  country TEXT,
  form TEXT NOT NULL,
  damaged INTEGER NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (report, ordinal)
) STRICT, WITHOUT ROWID;

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
  about TEXT,
  approximate INTEGER NOT NULL,
  damaged INTEGER NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (report, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE tie (
  report INTEGER NOT NULL REFERENCES report (seq) ON DELETE CASCADE,
  ordinal INTEGER NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  from_name TEXT NOT NULL,
  from_country TEXT,
  to_name TEXT NOT NULL,
  to_country TEXT,
  trend TEXT,
  commodity TEXT,
  damaged INTEGER NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (report, ordinal)
) STRICT, WITHOUT ROWID;

CREATE VIRTUAL TABLE report_text USING fts5 (
  title, text,
  content = 'report', content_rowid = 'seq',
  tokenize = 'porter unicode61 remove_diacritics 2'
);
CREATE TRIGGER report_text_added AFTER INSERT ON report BEGIN
  INSERT INTO report_text (rowid, title, text) VALUES (new.seq, new.title, new.text);
END;
CREATE TRIGGER report_text_dropped AFTER DELETE ON report BEGIN
  INSERT INTO report_text (report_text, rowid, title, text)
  VALUES ('delete', old.seq, old.title, old.text);
END;
CREATE TRIGGER report_text_changed AFTER UPDATE OF title, text ON report BEGIN
  INSERT INTO report_text (report_text, rowid, title, text)
  VALUES ('delete', old.seq, old.title, old.text);
  INSERT INTO report_text (rowid, title, text) VALUES (new.seq, new.title, new.text);
END;
