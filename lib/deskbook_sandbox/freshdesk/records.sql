-- What the helpdesk keeps. JSON TEXT holds a list or an object, FLAG INTEGER a boolean: `records.py` reads the types here.

CREATE TABLE IF NOT EXISTS fd_tickets (
  id INTEGER PRIMARY KEY, subject TEXT, description TEXT, description_text TEXT, status INTEGER, priority INTEGER,
  source INTEGER, type TEXT, requester_id INTEGER, responder_id INTEGER, group_id INTEGER, company_id INTEGER,
  product_id INTEGER, email_config_id INTEGER, support_email TEXT, form_id INTEGER, cc_emails JSON TEXT,
  fwd_emails JSON TEXT, reply_cc_emails JSON TEXT, ticket_cc_emails JSON TEXT, ticket_bcc_emails JSON TEXT,
  to_emails JSON TEXT, tags JSON TEXT, custom_fields JSON TEXT, attachments JSON TEXT, watchers JSON TEXT,
  association_type INTEGER, associated JSON TEXT, due_by TEXT, fr_due_by TEXT, sla_from REAL,
  fr_escalated FLAG INTEGER, is_escalated FLAG INTEGER, spam FLAG INTEGER, deleted FLAG INTEGER, created_at TEXT,
  updated_at TEXT, agent_responded_at TEXT, requester_responded_at TEXT, first_responded_at TEXT,
  status_updated_at TEXT, reopened_at TEXT, resolved_at TEXT, closed_at TEXT, pending_since TEXT
);
CREATE TABLE IF NOT EXISTS fd_contacts (
  id INTEGER PRIMARY KEY, name TEXT, email TEXT, phone TEXT, mobile TEXT, twitter_id TEXT, facebook_id TEXT,
  unique_external_id TEXT, company_id INTEGER, view_all_tickets FLAG INTEGER, other_companies JSON TEXT,
  other_emails JSON TEXT, tags JSON TEXT, custom_fields JSON TEXT, address TEXT, description TEXT, job_title TEXT,
  language TEXT, time_zone TEXT, active FLAG INTEGER, blocked FLAG INTEGER, deleted FLAG INTEGER, created_at TEXT,
  updated_at TEXT
);
CREATE TABLE IF NOT EXISTS fd_companies (
  id INTEGER PRIMARY KEY, name TEXT, description TEXT, note TEXT, domains JSON TEXT, custom_fields JSON TEXT,
  health_score TEXT, account_tier TEXT, renewal_date TEXT, industry TEXT, org_company_id INTEGER, created_at TEXT,
  updated_at TEXT
);
CREATE TABLE IF NOT EXISTS fd_conversations (
  id INTEGER PRIMARY KEY, ticket_id INTEGER, body TEXT, body_text TEXT, incoming FLAG INTEGER, private FLAG INTEGER,
  user_id INTEGER, support_email TEXT, source INTEGER, category INTEGER, from_email TEXT, to_emails JSON TEXT,
  cc_emails JSON TEXT, bcc_emails JSON TEXT, attachments JSON TEXT, created_at TEXT, updated_at TEXT,
  last_edited_at TEXT, last_edited_user_id INTEGER
);
CREATE TABLE IF NOT EXISTS fd_time_entries (
  id INTEGER PRIMARY KEY, ticket_id INTEGER, agent_id INTEGER, billable FLAG INTEGER, note TEXT,
  timer_running FLAG INTEGER, seconds INTEGER, start_time TEXT, executed_at TEXT, created_at TEXT, updated_at TEXT
);
CREATE TABLE IF NOT EXISTS fd_ratings (
  id INTEGER PRIMARY KEY, survey_id INTEGER, user_id INTEGER, agent_id INTEGER, group_id INTEGER, ticket_id INTEGER,
  feedback TEXT, ratings JSON TEXT, created_at TEXT, updated_at TEXT
);
CREATE TABLE IF NOT EXISTS fd_outbox (
  id INTEGER PRIMARY KEY, kind TEXT, ticket_id INTEGER, at TEXT, "to" JSON TEXT, cc JSON TEXT, bcc JSON TEXT,
  subject TEXT, body TEXT
);
CREATE TABLE IF NOT EXISTS fd_attachments (
  id INTEGER PRIMARY KEY, name TEXT, content_type TEXT, data BLOB
);
-- The few records that an administrator sets (agents, groups, fields, …), which nothing selects by column.
CREATE TABLE IF NOT EXISTS fd_docs (kind TEXT, id INTEGER, doc TEXT, PRIMARY KEY (kind, id));
CREATE INDEX IF NOT EXISTS fd_tickets_created ON fd_tickets (created_at);
CREATE INDEX IF NOT EXISTS fd_tickets_updated ON fd_tickets (updated_at);
CREATE INDEX IF NOT EXISTS fd_tickets_requester ON fd_tickets (requester_id);
CREATE INDEX IF NOT EXISTS fd_tickets_company ON fd_tickets (company_id);
CREATE INDEX IF NOT EXISTS fd_tickets_due ON fd_tickets (due_by) WHERE is_escalated = 0 AND status = 2;
CREATE INDEX IF NOT EXISTS fd_tickets_fr_due ON fd_tickets (fr_due_by) WHERE fr_escalated = 0 AND status = 2;
CREATE INDEX IF NOT EXISTS fd_conversations_ticket ON fd_conversations (ticket_id, id);
CREATE INDEX IF NOT EXISTS fd_contacts_name ON fd_contacts (name COLLATE NOCASE, id);
CREATE INDEX IF NOT EXISTS fd_contacts_email ON fd_contacts (email);
CREATE INDEX IF NOT EXISTS fd_contacts_company ON fd_contacts (company_id);
CREATE INDEX IF NOT EXISTS fd_time_entries_ticket ON fd_time_entries (ticket_id);
