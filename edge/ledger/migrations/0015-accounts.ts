// Accounts: how a person gets in. Tables of better-auth (person is its user, credential its account), and the one-time
// connection tokens that are ours.

export const accountTables = /* sql */ `
-- better-auth knows people by an address that nobody can write to: a couple may share one mailbox, others have none.
alter table person add column email text generated always as (id || '@person.invalid') virtual;
alter table person add column email_verified integer not null default 0;
alter table person add column image text;
alter table person add column created_at integer not null default 0;
alter table person add column updated_at integer not null default 0;
alter table person add column two_factor_enabled integer not null default 0;
-- Where mail goes; '' for a family without mail, which gets a printed letter.
alter table person add column address text not null default '';
-- 0: the account was never used; else when its owner first chose a password or a passkey.
alter table person add column activated_at integer not null default 0;
-- Staff leave: nobody logs in after this moment. 0: no end.
alter table person add column ends_at integer not null default 0;
-- The student whose own view this is (role student).
alter table person add column student integer references student(id);
alter table person drop column password;
create index person_address on person(address) where address <> '';

create table credential(
  id integer primary key,
  user_id integer not null references person(id),
  account_id text not null,
  provider_id text not null,
  password text,
  access_token text, refresh_token text, id_token text, scope text,
  access_token_expires_at integer, refresh_token_expires_at integer,
  created_at integer not null,
  updated_at integer not null,
  unique(user_id, provider_id)
) strict;

drop table session;
create table session(
  id integer primary key,
  user_id integer not null references person(id),
  -- The cookie carries it signed: a copy of this table opens no door.
  token text not null unique,
  expires_at integer not null,
  -- password, code (a second factor was given), passkey or link.
  method text not null default '',
  ip_address text,
  user_agent text,
  created_at integer not null,
  updated_at integer not null
) strict;
create index session_user on session(user_id);

create table verification(
  id integer primary key,
  identifier text not null,
  value text not null,
  expires_at integer not null,
  created_at integer not null,
  updated_at integer not null
) strict;
create index verification_identifier on verification(identifier);

create table two_factor(
  id integer primary key,
  user_id integer not null unique references person(id),
  secret text not null,
  backup_codes text not null,
  verified integer not null default 1,
  failed_verification_count integer not null default 0,
  locked_until integer
) strict;

create table passkey(
  id integer primary key,
  user_id integer not null references person(id),
  name text,
  public_key text not null,
  credential_id text not null unique,
  counter integer not null,
  device_type text not null,
  backed_up integer not null,
  transports text,
  aaguid text,
  created_at integer
) strict;
create index passkey_user on passkey(user_id);

-- One-time connection tokens, by mail or on paper; only their SHA-256 is kept, and what was used stays known as used.
create table invitation(
  hash blob primary key check(length(hash) = 32),
  person integer not null references person(id),
  created_at integer not null,
  expires_at integer not null,
  used_at integer not null default 0
) strict;
create index invitation_person on invitation(person);
`;
