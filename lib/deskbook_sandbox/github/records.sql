-- What the tracker keeps: issues with their history, commits, and the project board.

CREATE TABLE IF NOT EXISTS gh_labels (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE COLLATE NOCASE, color TEXT NOT NULL, description TEXT
);
CREATE TABLE IF NOT EXISTS gh_issues (
  number INTEGER PRIMARY KEY, id INTEGER NOT NULL, pull INTEGER NOT NULL, title TEXT NOT NULL, body TEXT,
  state TEXT NOT NULL, state_reason TEXT, author TEXT NOT NULL, assignees TEXT NOT NULL,
  created_at TEXT NOT NULL, updated_at TEXT NOT NULL, closed_at TEXT, closed_by TEXT,
  changed REAL NOT NULL, indexed TEXT
);
CREATE TABLE IF NOT EXISTS gh_issue_labels (number INTEGER NOT NULL, label INTEGER NOT NULL, UNIQUE (number, label));
CREATE TABLE IF NOT EXISTS gh_comments (
  id INTEGER PRIMARY KEY, number INTEGER NOT NULL, author TEXT NOT NULL, body TEXT NOT NULL,
  created_at TEXT NOT NULL, updated_at TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS gh_comments_of ON gh_comments (number);
CREATE TABLE IF NOT EXISTS gh_events (
  id INTEGER PRIMARY KEY, number INTEGER NOT NULL, event TEXT NOT NULL, actor TEXT NOT NULL, at TEXT NOT NULL,
  detail TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS gh_events_of ON gh_events (number);

CREATE TABLE IF NOT EXISTS gh_commits (
  sha TEXT PRIMARY KEY, path TEXT NOT NULL, login TEXT NOT NULL, name TEXT NOT NULL, mail TEXT NOT NULL,
  at TEXT NOT NULL, message TEXT NOT NULL
);

CREATE TABLE IF NOT EXISTS gh_items (
  id INTEGER PRIMARY KEY, number INTEGER NOT NULL UNIQUE, created_at TEXT NOT NULL, updated_at TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS gh_item_values (
  item INTEGER NOT NULL, field TEXT NOT NULL, value TEXT NOT NULL, UNIQUE (item, field)
);
