-- What `dyad verify` holds the file against: hashes of what was stored (filled in by store.rs).
ALTER TABLE report ADD COLUMN hash TEXT NOT NULL DEFAULT '';
ALTER TABLE reading ADD COLUMN hash TEXT NOT NULL DEFAULT '';
