-- Lists of sides and pairs go by numbers, which are quicker to keep and to read than words; all that is
-- made from the records is made again (see `refill` in put.rs).
DROP TABLE event_side;
DROP TABLE event_pair;
DROP TABLE statement_pair;
DROP TABLE episode_side;
DROP TABLE episode_pair;
DROP TABLE block;
DROP TABLE print;
DELETE FROM event;
DELETE FROM event_party;
DELETE FROM statement;
DELETE FROM figure;
DELETE FROM tie;
DELETE FROM party;
DELETE FROM place;
DELETE FROM voice;
DELETE FROM telling;
DELETE FROM episode;
DELETE FROM episode_party;
DELETE FROM tally;

-- By whom items are asked for: countries, or the first words of the codes of those who have none.
CREATE TABLE side_key (
  seq INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE
) STRICT;

-- `side`, `who` and `whom` are numbers of `side_key`. `bears` is 0 for who acts and 1 for whom it is
-- done to; a side of a joint act does both. `day` is `day_from` in days since the first of January
-- 1970, -1000000 where that is unknown.
CREATE TABLE event_side (
  side INTEGER NOT NULL,
  day INTEGER NOT NULL,
  report INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  bears INTEGER NOT NULL,
  day_to INTEGER NOT NULL,
  act INTEGER NOT NULL,
  PRIMARY KEY (side, day, report, ordinal, bears)
) STRICT, WITHOUT ROWID;

CREATE TABLE event_pair (
  who INTEGER NOT NULL,
  whom INTEGER NOT NULL,
  day INTEGER NOT NULL,
  report INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  day_to INTEGER NOT NULL,
  act INTEGER NOT NULL,
  PRIMARY KEY (who, whom, day, report, ordinal)
) STRICT, WITHOUT ROWID;

-- `who` is 0 where nobody is known to say it.
CREATE TABLE statement_pair (
  who INTEGER NOT NULL,
  whom INTEGER NOT NULL,
  day INTEGER NOT NULL,
  report INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  day_to INTEGER NOT NULL,
  PRIMARY KEY (who, whom, day, report, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE episode_side (
  side INTEGER NOT NULL,
  day INTEGER NOT NULL,
  episode INTEGER NOT NULL,
  bears INTEGER NOT NULL,
  day_to INTEGER NOT NULL,
  act INTEGER NOT NULL,
  PRIMARY KEY (side, day, episode, bears)
) STRICT, WITHOUT ROWID;

CREATE TABLE episode_pair (
  who INTEGER NOT NULL,
  whom INTEGER NOT NULL,
  day INTEGER NOT NULL,
  episode INTEGER NOT NULL,
  day_to INTEGER NOT NULL,
  act INTEGER NOT NULL,
  PRIMARY KEY (who, whom, day, episode)
) STRICT, WITHOUT ROWID;

-- Where tellings that may be of one happening find each other; the other columns sieve them.
CREATE TABLE block (
  block INTEGER NOT NULL,
  report INTEGER NOT NULL,
  event INTEGER NOT NULL,
  act INTEGER NOT NULL,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  sides INTEGER NOT NULL,
  PRIMARY KEY (block, report, event)
) STRICT, WITHOUT ROWID;

-- Numbers of which near-copies share one. Reports that came one after the other share an `era`, so
-- that new ones are not strewn over the whole table.
CREATE TABLE print (
  era INTEGER NOT NULL,
  print INTEGER NOT NULL,
  report INTEGER NOT NULL,
  PRIMARY KEY (era, print, report)
) STRICT, WITHOUT ROWID;

-- The words of some thousand reports are gathered before they are written.
INSERT INTO report_text (report_text, rank) VALUES ('hashsize', 16777216);
