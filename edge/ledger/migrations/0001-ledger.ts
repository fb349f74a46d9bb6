// The ledger: accounts, transfers, blocks, and the journal entries and commands that cause them.
// Hand-written, because the guards (STRICT, CHECK, triggers) are the point; never edited once run.
// Amounts are integer cents, times are seconds since 1970, hashes are SHA-256.

export const ledgerTables = /* sql */ `
create table account(
  id integer primary key check(id > 0),
  kind text not null check(kind in
    ('wallet','sales','bank','suspense','risk','solidarity','receivable','refund','hold','equity')),
  -- What it is for: a student, a category, a bank account.
  ref text not null,
  -- Credits - debits; a cache of the journal, kept by trigger.
  balance integer not null default 0,
  debits integer not null default 0,
  credits integer not null default 0,
  -- The sum of its leases: what terminals may still spend.
  reserved integer not null default 0 check(reserved >= 0),
  unique(kind, ref),
  check(balance = credits - debits),
  check(kind = 'wallet' or reserved = 0),
  -- No wallet below zero, and no lease without cover: this line is the promise of offline selling.
  check(kind <> 'wallet' or balance - reserved >= 0)
) strict;

-- What people and jobs ask of the ledger; the id is chosen by its author, so that asking twice
-- is harmless.
create table command(
  no integer primary key check(no > 0),
  id text not null unique,
  kind text not null,
  author text not null,
  at integer not null,
  body text not null                                -- JSON, as asked
) strict;

-- The terminals' journals as received: one signed token each, unbroken per terminal and epoch.
create table entry(
  terminal integer not null,
  epoch integer not null,
  seq integer not null check(seq > 0),
  kind text not null check(kind in('open','purchase','void','collect','lowered','close')),
  student integer not null default 0,
  total integer not null default 0,
  leased integer not null default 0,                -- the part of total that its lease paid
  at integer not null,                              -- the terminal's clock
  outcome text not null,                            -- see Booking in edge/postings.ts
  hash blob not null check(length(hash) = 32),
  token blob not null,
  received_at integer not null,
  unique(terminal, epoch, seq)
) strict;
create index entry_student on entry(student, at);

-- One row is one balanced posting. source 0: counter is a command's no. source n: terminal n, and
-- counter is epoch * 2^32 + seq of its entry.
create table transfer(
  seq integer primary key check(seq > 0),           -- gapless
  source integer not null check(source >= 0),
  counter integer not null check(counter >= 0),
  line integer not null check(line >= 0),
  debit integer not null references account(id),
  credit integer not null references account(id),
  amount integer not null check(amount between 1 and 10000000),
  at integer not null,                              -- event time of the source
  reverses integer references transfer(seq),        -- a correction names what it corrects
  evidence blob not null check(length(evidence) = 32), -- hash of the token or of the command's body
  check(debit <> credit),
  unique(source, counter, line)
) strict;
-- A transfer is reversed at most once, and wholly: a sale undone twice would be money from nothing.
create unique index transfer_reverses on transfer(reverses) where reverses is not null;
create index transfer_debit on transfer(debit, seq);
create index transfer_credit on transfer(credit, seq);

create table block(
  no integer primary key,
  first_seq integer not null,
  last_seq integer not null,
  at integer not null,
  prev blob not null check(length(prev) = 32),
  hash blob not null unique check(length(hash) = 32)
) strict;

-- The right of a terminal to debit a student: remaining = ceiling + voided - spent, all cumulative.
create table lease(
  terminal integer not null,
  epoch integer not null,
  student integer not null,
  account integer not null references account(id),
  ceiling integer not null default 0 check(ceiling >= 0),
  spent integer not null default 0 check(spent >= 0),
  voided integer not null default 0 check(voided >= 0),
  version integer not null default 0,
  primary key(terminal, epoch, student),
  check(voided <= spent),
  check(spent - voided <= ceiling)
) strict;
create index lease_student on lease(student);

-- Bytes that could not be booked, with the named reason; nothing that arrives is lost.
create table quarantine(
  id integer primary key,
  terminal integer not null,
  reason text not null,
  body blob not null,
  hash blob not null check(length(hash) = 32),
  first_seen integer not null,
  last_seen integer not null,
  times integer not null default 1,
  unique(terminal, reason, hash)
) strict;

create trigger transfer_insert before insert on transfer begin
  select raise(abort, 'seq is not the next one')
    where new.seq <> (select coalesce(max(seq), 0) + 1 from transfer);
  -- INSERT OR REPLACE would delete without firing a trigger, so a known key is refused here.
  select raise(abort, 'already posted') where exists(
    select 1 from transfer
      where source = new.source and counter = new.counter and line = new.line);
  select raise(abort, 'already reversed')
    where new.reverses is not null and exists(select 1 from transfer where reverses = new.reverses);
  select raise(abort, 'not the reverse') where new.reverses is not null and not exists(
    select 1 from transfer where seq = new.reverses
      and debit = new.credit and credit = new.debit and amount = new.amount);
end;
create trigger transfer_balance after insert on transfer begin
  update account set balance = balance - new.amount, debits = debits + new.amount
    where id = new.debit;
  update account set balance = balance + new.amount, credits = credits + new.amount
    where id = new.credit;
end;
create trigger transfer_no_update before update on transfer begin
  select raise(abort, 'transfer is immutable');
end;
create trigger transfer_no_delete before delete on transfer begin
  select raise(abort, 'transfer is immutable');
end;

create trigger account_insert before insert on account begin
  select raise(abort, 'account exists') where exists(select 1 from account where id = new.id);
  select raise(abort, 'account exists')
    where exists(select 1 from account where kind = new.kind and ref = new.ref);
  select raise(abort, 'account opens at zero')
    where new.balance <> 0 or new.debits <> 0 or new.credits <> 0 or new.reserved <> 0;
end;
create trigger account_fixed before update of id, kind, ref on account begin
  select raise(abort, 'account is fixed');
end;
create trigger account_no_delete before delete on account begin
  select raise(abort, 'account is permanent');
end;

create trigger entry_insert before insert on entry begin
  select raise(abort, 'entry exists')
    where exists(select 1 from entry
      where terminal = new.terminal and epoch = new.epoch and seq = new.seq);
  select raise(abort, 'entry out of order') where new.seq <> 1 and not exists(
    select 1 from entry where terminal = new.terminal and epoch = new.epoch and seq = new.seq - 1);
end;
create trigger entry_no_update before update on entry begin
  select raise(abort, 'entry is immutable');
end;
create trigger entry_no_delete before delete on entry begin
  select raise(abort, 'entry is immutable');
end;

create trigger command_insert before insert on command begin
  select raise(abort, 'command exists')
    where exists(select 1 from command where no = new.no or id = new.id);
end;
create trigger command_no_update before update on command begin
  select raise(abort, 'command is immutable');
end;
create trigger command_no_delete before delete on command begin
  select raise(abort, 'command is immutable');
end;

-- The chain: a new block must stand on the head, which makes it the compare-and-swap of a batch.
create trigger block_insert before insert on block when new.no > 0 begin
  select raise(abort, 'stale head') where not exists(
    select 1 from block where no = (select max(no) from block)
      and no = new.no - 1 and hash = new.prev and last_seq = new.first_seq - 1);
  select raise(abort, 'block range')
    where new.last_seq < new.first_seq or new.last_seq <> (select max(seq) from transfer);
end;
create trigger block_genesis before insert on block when new.no <= 0 begin
  select raise(abort, 'one genesis') where new.no < 0 or exists(select 1 from block);
end;
create trigger block_no_update before update on block begin
  select raise(abort, 'block is immutable');
end;
create trigger block_no_delete before delete on block begin
  select raise(abort, 'block is immutable');
end;

-- reserved follows the leases in the same statement; the CHECK on account then decides.
create trigger lease_insert before insert on lease begin
  select raise(abort, 'lease exists') where exists(
    select 1 from lease
      where terminal = new.terminal and epoch = new.epoch and student = new.student);
  select raise(abort, 'lease opens unspent') where new.spent <> 0 or new.voided <> 0;
end;
create trigger lease_reserve after insert on lease begin
  update account set reserved = reserved + new.ceiling where id = new.account;
end;
create trigger lease_change after update of ceiling, spent, voided on lease begin
  update account set reserved = reserved
    + (new.ceiling + new.voided - new.spent) - (old.ceiling + old.voided - old.spent)
    where id = new.account;
end;
create trigger lease_grows before update on lease begin
  select raise(abort, 'lease is fixed') where new.terminal <> old.terminal or new.epoch <> old.epoch
    or new.student <> old.student or new.account <> old.account;
  select raise(abort, 'lease counters only grow')
    where new.spent < old.spent or new.voided < old.voided;
  select raise(abort, 'lease version only grows')
    where new.version < old.version or (new.ceiling <> old.ceiling and new.version = old.version);
end;
create trigger lease_no_delete before delete on lease begin
  select raise(abort, 'lease is permanent');
end;
`;
