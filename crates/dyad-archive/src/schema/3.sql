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
