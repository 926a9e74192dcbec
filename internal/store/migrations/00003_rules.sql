-- Hits found under other rules are searched again as a whole; nobody compares sets of rules.

-- +goose Up

DROP TABLE ruleset;
