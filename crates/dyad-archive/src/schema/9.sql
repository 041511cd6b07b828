-- Persons go by name beside their state, and rebels by the country they are in where tellings are
-- joined; all that is made from the records is made again (see `refill` in put.rs).
DELETE FROM event_side;
DELETE FROM event_pair;
DELETE FROM statement_pair;
DELETE FROM episode_side;
DELETE FROM episode_pair;
DELETE FROM block;
DELETE FROM print;
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
DELETE FROM side_key;
