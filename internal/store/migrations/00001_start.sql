-- One schema for SQLite >= 3.35 and PostgreSQL >= 13: TEXT keys, BIGINT nanoseconds since 1970 (0: none), no serial, no
-- arrays, no JSON operators. BYTEA is what PostgreSQL calls a blob; SQLite keeps a blob in a column of any declared type.

-- +goose Up

-- A host is leased as a whole: one worker at a time fetches from it.
CREATE TABLE host (
  host        TEXT   PRIMARY KEY,
  ready_at    BIGINT NOT NULL DEFAULT 0,  -- politeness and lease: not to be leased before
  due_at      BIGINT NOT NULL,            -- never later than its earliest due target; 9223372036854775807: nothing is due, ever
  lease_owner TEXT   NOT NULL DEFAULT '',
  lease_until BIGINT NOT NULL DEFAULT 0,
  fence       BIGINT NOT NULL DEFAULT 0   -- grows by one with every claim; a write must present it
);
CREATE INDEX host_ready ON host (ready_at, due_at) WHERE due_at < 9223372036854775807;

CREATE TABLE target (
  url       TEXT   PRIMARY KEY,
  host      TEXT   NOT NULL,
  source    TEXT   NOT NULL,
  kind      TEXT   NOT NULL,
  depth     BIGINT NOT NULL,
  priority  BIGINT NOT NULL,
  state     BIGINT NOT NULL,              -- 1 queued, 0 asleep until due_at, 2 not to be fetched again
  due_at    BIGINT NOT NULL,
  found_on  TEXT   NOT NULL,
  anchor    TEXT   NOT NULL,
  reason    TEXT   NOT NULL,
  last_mark TEXT   NOT NULL,
  thread    TEXT   NOT NULL,
  attempts  BIGINT NOT NULL DEFAULT 0,
  fetched   BIGINT NOT NULL DEFAULT 0,    -- last fetch
  visit     BYTEA                         -- JSON of what the visits taught; NULL before the first
);
CREATE INDEX target_queue ON target (host, priority DESC, depth, url) WHERE state = 1;
CREATE INDEX target_asleep ON target (host, due_at) WHERE state = 0;
CREATE INDEX target_source ON target (source);

CREATE TABLE run (
  started_at BIGINT NOT NULL,
  sources    BIGINT NOT NULL,
  complete   BIGINT NOT NULL
);

-- One row a finished fetch: budgets and the health of sources.
CREATE TABLE visit (
  source    TEXT   NOT NULL,
  at        BIGINT NOT NULL,
  url       TEXT   NOT NULL,
  kind      TEXT   NOT NULL,
  error     TEXT   NOT NULL,
  retry     BIGINT NOT NULL,
  status    BIGINT NOT NULL,
  page_kind TEXT   NOT NULL,              -- empty when nothing was read
  posts     BIGINT NOT NULL,
  degraded  TEXT   NOT NULL
);
CREATE INDEX visit_source ON visit (source, at);

CREATE TABLE capture (
  id           TEXT   PRIMARY KEY,
  seq          BIGINT NOT NULL,
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
  gone         BIGINT NOT NULL            -- it said that the page is gone
);
CREATE INDEX capture_seq ON capture (seq);
CREATE INDEX capture_url ON capture (url, seq);

-- What a capture says about its page: read (doc), the same as before (same), or gone. Settling turns readings into posts.
CREATE TABLE reading (
  capture  TEXT   PRIMARY KEY,
  seq      BIGINT NOT NULL,
  url      TEXT   NOT NULL,
  at       BIGINT NOT NULL,
  what     TEXT   NOT NULL,
  complete BIGINT NOT NULL,               -- what it does not show is not there
  settled  BIGINT NOT NULL,
  shows    BYTEA,                         -- post ids and wordings, packed
  data     BYTEA                          -- posts, S2: it is short-lived, so speed counts; NULL once settled
);
CREATE INDEX reading_todo ON reading (seq) WHERE settled = 0;
CREATE INDEX reading_url ON reading (url, seq);

-- One row a wording of a post.
CREATE TABLE post (
  id          TEXT   NOT NULL,
  wording     TEXT   NOT NULL,            -- digest of text, signature and quotes
  changed     BIGINT NOT NULL,
  content     TEXT   NOT NULL,            -- digest of data before compression: what hits are cached by
  first_seq   BIGINT NOT NULL,
  first_seen  BIGINT NOT NULL,
  last_seq    BIGINT NOT NULL,
  last_seen   BIGINT NOT NULL,
  last_url    TEXT   NOT NULL,
  gone_seq    BIGINT NOT NULL DEFAULT 0,
  gone_since  BIGINT NOT NULL DEFAULT 0,
  superseded  BIGINT NOT NULL DEFAULT 0,
  site        TEXT   NOT NULL,
  url         TEXT   NOT NULL,
  source      TEXT   NOT NULL,
  source_kind TEXT   NOT NULL,
  kind        TEXT   NOT NULL,
  author      TEXT   NOT NULL,
  lang        TEXT   NOT NULL,
  posted_at   BIGINT NOT NULL,
  sort_key    BYTEA  NOT NULL,
  data        BYTEA  NOT NULL,            -- JSON, zstd
  PRIMARY KEY (id, wording)
);
CREATE INDEX post_sort ON post (sort_key, first_seen, wording);
CREATE INDEX post_changed ON post (changed);
CREATE INDEX post_last_url ON post (last_url);
CREATE INDEX post_author ON post (author);

CREATE TABLE hits (
  content TEXT   PRIMARY KEY,
  rules   TEXT   NOT NULL,
  data    BYTEA  NOT NULL
);
CREATE TABLE ruleset (
  rules TEXT  PRIMARY KEY,
  data  BYTEA NOT NULL                    -- JSON: signal to digest of its rule
);

CREATE TABLE source (
  id   TEXT  PRIMARY KEY,
  discovered BIGINT NOT NULL,
  data BYTEA NOT NULL
);

CREATE TABLE edition (
  year   TEXT   PRIMARY KEY,              -- empty: the draft
  frozen BIGINT NOT NULL,
  data   BYTEA  NOT NULL
);

CREATE TABLE audit (
  seq    BIGINT PRIMARY KEY,
  at     BIGINT NOT NULL,
  who    TEXT   NOT NULL,
  what   TEXT   NOT NULL,
  object TEXT   NOT NULL,
  detail TEXT   NOT NULL
);
CREATE INDEX audit_object ON audit (object, seq);

CREATE TABLE counter (
  name  TEXT   PRIMARY KEY,
  value BIGINT NOT NULL
);
INSERT INTO counter (name, value) VALUES ('audit', 0), ('changed', 0), ('indexed', 0), ('rebuild', 0);

CREATE TABLE meta (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
);

-- +goose Down
DROP TABLE meta; DROP TABLE counter; DROP TABLE audit; DROP TABLE edition; DROP TABLE source; DROP TABLE ruleset;
DROP TABLE hits; DROP TABLE post; DROP TABLE reading; DROP TABLE capture; DROP TABLE visit; DROP TABLE run;
DROP TABLE target; DROP TABLE host;
