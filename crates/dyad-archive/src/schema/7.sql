-- Figures know the day of their report and the act that they are about, so that they are found by both.
DROP VIEW figures;
ALTER TABLE figure RENAME TO figure_6;

-- `speaker` is who gives the figure, where the report tells; `day` that of publication. `event` is the
-- number of the event that it is about, and `act` type, status and quad of that one.
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
  day TEXT,
  event INTEGER,
  act INTEGER,
  text TEXT NOT NULL,
  sentence TEXT NOT NULL,
  PRIMARY KEY (report, ordinal)
) STRICT, WITHOUT ROWID;
INSERT INTO figure
SELECT f.report, f.ordinal, f.id, f.value, f.low, f.high, f.whole, f.unit, f.counted, f.casualty,
  f.about, f.speaker, f.approximate, f.change, f.damaged, r.published, e.ordinal, e.act, f.text,
  f.sentence
FROM figure_6 f JOIN report r ON r.seq = f.report
LEFT JOIN event e ON e.report = f.report AND e.id = f.about;
DROP TABLE figure_6;
CREATE INDEX figure_day ON figure (day, report, ordinal, event, act);

CREATE VIEW figures AS
SELECT r.id AS report, f.id AS figure, r.outlet, r.published, f.value, f.low, f.high, f.whole,
  f.unit, f.counted, f.casualty, f.about, f.speaker, f.approximate, f.change, f.text, f.sentence
FROM figure f JOIN report r ON r.seq = f.report;
