-- What the chat keeps: channels and messages.

CREATE TABLE IF NOT EXISTS chat_channels (
  id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, created INTEGER NOT NULL, topic TEXT NOT NULL, purpose TEXT NOT NULL,
  archived INTEGER NOT NULL, private INTEGER NOT NULL, members TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS chat_messages (
  ts TEXT PRIMARY KEY, channel TEXT NOT NULL, user TEXT NOT NULL, bot TEXT, text TEXT NOT NULL, blocks TEXT,
  metadata TEXT, thread TEXT, broadcast INTEGER NOT NULL, edited TEXT
);
CREATE INDEX IF NOT EXISTS chat_messages_of ON chat_messages (channel, ts);
CREATE INDEX IF NOT EXISTS chat_messages_below ON chat_messages (thread);
