// Months that are closed for good, what each account did in them, and what was found to be whose
// after it had waited in suspense.

export const periodTables = /* sql */ `
-- transfer was in suspense; command moved it to a wallet.
create table assignment(
  transfer integer not null references transfer(seq),
  command integer not null references command(no),
  primary key(transfer, command)
) strict;
create trigger assignment_once before insert on assignment begin
  select raise(abort, 'assigned already') where exists(
    select 1 from assignment a where a.transfer = new.transfer and not exists(
      select 1 from transfer p join transfer r on r.reverses = p.seq
        where p.source = 0 and p.counter = a.command));
end;
create trigger assignment_no_update before update on assignment begin
  select raise(abort, 'an assignment is kept');
end;
create trigger assignment_no_delete before delete on assignment begin
  select raise(abort, 'an assignment is kept');
end;

-- A month: the transfers that the ledger booked in it, whatever the terminals' clocks said.
create table period(
  month integer primary key check(month % 100 between 1 and 12), -- 202611
  first_seq integer not null,
  last_seq integer not null,                        -- first_seq - 1 when nothing moved
  block integer not null references block(no),      -- the head at its end
  hash blob not null check(length(hash) = 32),
  closed_at integer not null,
  command integer not null references command(no)
) strict;
create trigger period_insert before insert on period begin
  select raise(abort, 'a period is closed once, after the one before')
    where new.month <= (select coalesce(max(month), 0) from period)
      or new.first_seq <> (select coalesce(max(last_seq), 0) + 1 from period);
  select raise(abort, 'a period ends with a block') where not exists(
    select 1 from block where no = new.block and last_seq = new.last_seq and hash = new.hash);
end;
create trigger period_no_update before update on period begin
  select raise(abort, 'a period never reopens');
end;
create trigger period_no_delete before delete on period begin
  select raise(abort, 'a period never reopens');
end;

-- One row for each account that moved or holds something, numbered without a gap over all months.
create table statement(
  no integer primary key check(no > 0),
  month integer not null references period(month),
  account integer not null references account(id),
  opening integer not null,
  debits integer not null check(debits >= 0),
  credits integer not null check(credits >= 0),
  closing integer not null check(closing = opening + credits - debits),
  unique(account, month)
) strict;
create trigger statement_insert before insert on statement begin
  select raise(abort, 'statements are numbered without a gap')
    where new.no <> (select coalesce(max(no), 0) + 1 from statement);
  select raise(abort, 'a statement opens as the last one closed') where new.opening <> coalesce(
    (select closing from statement where account = new.account order by month desc limit 1), 0);
  select raise(abort, 'statements belong to the newest period')
    where new.month <> (select max(month) from period);
end;
create trigger statement_no_update before update on statement begin
  select raise(abort, 'a statement is final');
end;
create trigger statement_no_delete before delete on statement begin
  select raise(abort, 'a statement is final');
end;
`;
