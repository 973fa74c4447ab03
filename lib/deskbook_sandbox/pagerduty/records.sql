-- What the pager keeps: incidents, their notes, and their history.

CREATE TABLE IF NOT EXISTS pd_incidents (
  id TEXT PRIMARY KEY, number INTEGER NOT NULL UNIQUE, title TEXT NOT NULL, status TEXT NOT NULL, key TEXT NOT NULL,
  urgency TEXT NOT NULL, priority TEXT, details TEXT, assigned TEXT NOT NULL, acknowledged TEXT NOT NULL,
  created_at TEXT NOT NULL, updated_at TEXT NOT NULL, changed_at TEXT NOT NULL, changed_by TEXT, resolved_at TEXT
);
CREATE TABLE IF NOT EXISTS pd_notes (
  id TEXT PRIMARY KEY, incident TEXT NOT NULL, user TEXT NOT NULL, content TEXT NOT NULL, at TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS pd_log (
  id TEXT PRIMARY KEY, incident TEXT NOT NULL, kind TEXT NOT NULL, user TEXT, at TEXT NOT NULL, detail TEXT NOT NULL
);
