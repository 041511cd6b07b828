-- What people say against the machine's reading. `item` is the id in the reading that counts, null
-- where that one has no item at these words.
CREATE TABLE correction (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  report INTEGER NOT NULL REFERENCES report (seq) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('event', 'statement', 'figure', 'tie')),
  action TEXT NOT NULL CHECK (action IN ('amend', 'reject', 'add')),
  item TEXT,
  spans TEXT NOT NULL,
  machine TEXT,
  found_by TEXT,
  change TEXT,
  who TEXT NOT NULL,
  made TEXT NOT NULL,
  why TEXT NOT NULL,
  withdrawn_by TEXT,
  withdrawn TEXT
) STRICT;
CREATE INDEX correction_report ON correction (report);

CREATE VIEW corrections AS
SELECT 'c' || c.seq AS correction, r.id AS report, r.outlet, r.published, c.kind, c.action, c.item,
  c.machine, c.change, c.found_by, c.who, c.made, c.why, c.withdrawn_by, c.withdrawn
FROM correction c JOIN report r ON r.seq = c.report;

-- What others coded, from their files: acts without text, never among our own. States in `actors` and
-- `recipients` stand with blanks between them.
CREATE TABLE foreign_act (
  coder TEXT NOT NULL,
  date TEXT NOT NULL,
  id TEXT NOT NULL,
  actors TEXT NOT NULL,
  recipients TEXT NOT NULL,
  quad TEXT NOT NULL,
  code TEXT NOT NULL,
  goldstein REAL,
  country TEXT,
  place TEXT NOT NULL,
  url TEXT NOT NULL,
  PRIMARY KEY (coder, date, id)
) STRICT, WITHOUT ROWID;
