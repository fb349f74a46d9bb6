// What the ledger keeps of leases beside the leases themselves: when each was granted, which devices are lost, and
// which terminals must first say what they have sold when the ledger was set back to a backup.

export const leaseTables = /* sql */ `
-- When its ceiling was raised last.
alter table lease add column granted_at integer not null default 0;

-- Devices that the school has given up: nothing that they still sell is paid by a wallet.
create table write_off(
  terminal integer not null,
  epoch integer not null,
  at integer not null,
  command integer not null references command(no),
  primary key(terminal, epoch),
  foreign key(terminal, epoch) references terminal_key(terminal, epoch)
) strict;
create trigger write_off_insert before insert on write_off begin
  select raise(abort, 'written off already')
    where exists(select 1 from write_off where terminal = new.terminal and epoch = new.epoch);
end;
create trigger write_off_no_update before update on write_off begin
  select raise(abort, 'a write-off is final');
end;
create trigger write_off_no_delete before delete on write_off begin
  select raise(abort, 'a write-off is final');
end;

-- Since when the ledger may know less than this terminal has signed; ended when it has closed.
create table recovery(
  terminal integer not null,
  epoch integer not null,
  since integer not null,
  ended integer not null default 0,
  primary key(terminal, epoch, since)
) strict;
create index recovery_open on recovery(ended, terminal, epoch);
create trigger recovery_fixed before update on recovery begin
  select raise(abort, 'a recovery ends once') where old.ended <> 0 or new.ended = 0
    or new.terminal <> old.terminal or new.epoch <> old.epoch or new.since <> old.since;
end;
create trigger recovery_no_delete before delete on recovery begin
  select raise(abort, 'a recovery is kept');
end;

-- Nobody is granted anything while what a terminal has sold may be unknown.
create trigger lease_stays_granted before insert on lease when new.ceiling > 0 begin
  select raise(abort, 'written off') where exists(
    select 1 from write_off where terminal = new.terminal and epoch = new.epoch);
  select raise(abort, 'recovering') where exists(select 1 from recovery where ended = 0);
end;
create trigger lease_stays_raised before update of ceiling on lease when new.ceiling > old.ceiling begin
  select raise(abort, 'recovering') where exists(select 1 from recovery where ended = 0);
end;
create trigger lease_stays_written_off before update of ceiling, spent, voided on lease
  when new.ceiling + new.voided - new.spent > old.ceiling + old.voided - old.spent begin
  select raise(abort, 'written off') where exists(
    select 1 from write_off where terminal = new.terminal and epoch = new.epoch);
end;

-- The highest seq that this epoch ever heard acknowledged, as it said itself.
alter table terminal add column acked integer not null default 0;
create trigger terminal_acked_renewed after update of epoch on terminal when new.epoch <> old.epoch begin
  update terminal set acked = 0 where id = new.id;
end;

-- Minutes after midnight in Brussels: then terminals are asked to give back what they hold.
alter table school add column closes_at integer not null default 1080 check(closes_at between 0 and 1439);
`;
