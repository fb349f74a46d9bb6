// The school: people, cards, products, terminals. Unlike the ledger these rows may change.

export const schoolTables = /* sql */ `
create table school(
  id integer primary key check(id = 1),
  slug text not null,                               -- in MQTT topics and in the seal keys
  name text not null
) strict;

create table person(
  id integer primary key,
  username text not null unique,
  name text not null,
  role text not null check(role in
    ('bursar','secretary','counter','kitchen','guardian','student','auditor')),
  language text not null default 'fr' check(language in('fr','nl','de','en')),
  password text not null                            -- scrypt: salt and hash, base64url
) strict;

create table session(
  -- Of the cookie: a copy of this table opens no door.
  hash blob primary key check(length(hash) = 32),
  person integer not null references person(id),
  expires_at integer not null
) strict;

create table student(
  id integer primary key check(id > 0),
  first_name text not null,
  last_name text not null,
  class text not null,
  -- Bits in the order of Regulation (EU) 1169/2011, annex II.
  allergens integer not null default 0,
  account integer not null unique references account(id)
) strict;

create table guardianship(
  person integer not null references person(id),
  student integer not null references student(id),
  primary key(person, student)
) strict;

create table card(
  uid blob primary key check(length(uid) between 4 and 10),
  student integer not null references student(id),
  status text not null check(status in('active','blocked')),
  since integer not null
) strict;

create table product(
  id integer primary key check(id > 0),
  category text not null                            -- the sales account that earns: account.ref
) strict;

create table product_revision(
  product integer not null references product(id),
  revision integer not null check(revision > 0),
  name text not null,
  cents integer not null check(cents between 0 and 100000),
  essential integer not null default 0 check(essential in(0, 1)),
  allergens integer not null default 0,
  primary key(product, revision)
) strict;

create table price(
  version integer not null,                         -- of the price list
  product integer not null,
  revision integer not null,
  primary key(version, product),
  foreign key(product, revision) references product_revision(product, revision)
) strict;

create table terminal(
  id integer primary key check(id > 0),
  name text not null,
  -- JSON: language, soup, keys, graceCents (protocol/downlink.ts).
  till text not null,
  epoch integer not null,                           -- the one that may sell now
  last_seen integer not null default 0,
  here integer not null default 0,                  -- what the broker says; a hint
  unsent integer not null default 0,                -- as the terminal last said
  oldest integer not null default 0,
  selling integer not null default 0 check(selling in(0, 1)), -- opened and not closed since
  up_sequence integer not null default 0,           -- the highest uplink seal sequence seen
  down_sequence integer not null default 0,         -- the last downlink it said it has applied
  roster integer not null default 0,                -- the versions it said it holds
  prices integer not null default 0,
  blocks integer not null default 0
) strict;

-- The keys of old epochs stay: they prove old tokens.
create table terminal_key(
  terminal integer not null references terminal(id),
  epoch integer not null,
  public_key blob not null check(length(public_key) = 32),
  registered_at integer not null,
  primary key(terminal, epoch)
) strict;
`;
