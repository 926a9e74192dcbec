-- What a capture says about its page moves into the row of the capture, which is kept by its place in the custody log: a
-- page that was fetched then changes few pages of the database, most of them at its end. The audit trail is the custody log.

-- +goose Up

ALTER TABLE target ADD COLUMN born BIGINT NOT NULL DEFAULT 0; -- when it was found: the queue is served in that order
DROP INDEX target_queue;
CREATE INDEX target_queue ON target (host, priority DESC, depth, born, url) WHERE state = 1;

ALTER TABLE capture RENAME TO old_capture;
CREATE TABLE capture (
  seq          INTEGER PRIMARY KEY,       -- place in the custody log
  id           TEXT   NOT NULL,
  url          TEXT   NOT NULL,
  source       TEXT   NOT NULL,
  kind         TEXT   NOT NULL,
  fetched_at   BIGINT NOT NULL,
  status       BIGINT NOT NULL,
  content_type TEXT   NOT NULL,
  payload      TEXT   NOT NULL,
  block        TEXT   NOT NULL,
  file         TEXT   NOT NULL,
  place        BIGINT NOT NULL,
  length       BIGINT NOT NULL,
  revisit_of   TEXT   NOT NULL,
  truncated    TEXT   NOT NULL,
  found_on     TEXT   NOT NULL,
  imported     BIGINT NOT NULL,
  gone         BIGINT NOT NULL,           -- it said that the page is gone
  what         TEXT   NOT NULL,           -- what it says about its page: doc (read), same (as before), gone, or nothing
  complete     BIGINT NOT NULL,           -- what it does not show is not there
  settled      BIGINT NOT NULL,           -- what it says has been turned into posts
  shows        BYTEA                      -- post ids and wordings, packed
);
INSERT INTO capture
  SELECT c.seq, c.id, c.url, c.source, c.kind, c.fetched_at, c.status, c.content_type, c.payload, c.block, c.file, c.place, c.length,
    c.revisit_of, c.truncated, c.found_on, c.imported, c.gone, coalesce(r.what, ''), coalesce(r.complete, 0), coalesce(r.settled, 0), r.shows
  FROM old_capture c LEFT JOIN reading r ON r.capture = c.id WHERE true ON CONFLICT DO NOTHING;

-- What is still to be settled, by rising seq.
CREATE TABLE unsettled (
  seq  INTEGER PRIMARY KEY,
  data BYTEA                              -- posts, S2: short-lived, so speed counts; NULL when the store has them
);
INSERT INTO unsettled SELECT c.seq, r.data FROM old_capture c JOIN reading r ON r.capture = c.id WHERE r.settled = 0;

DROP TABLE reading;
DROP TABLE old_capture;
CREATE INDEX capture_page ON capture (url, seq) WHERE settled = 1;

DROP TABLE audit;
DELETE FROM counter WHERE name = 'audit';
