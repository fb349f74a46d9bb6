// What terminals hold copies of, each with a version that grows by itself whenever a copy becomes
// old. Triggers, so that no page, import or repair can change a student and forget to tell the
// terminals.

/** The newest blocked cards fit one message; older ones are left out of the roster. */
export const BLOCKED_CARDS_MAX = 200;

export const versionTables = /* sql */ `
create table supply(
  name text primary key check(name in('roster','blocks','prices')),
  version integer not null
) strict;
insert into supply(name, version) values('roster', 0), ('blocks', 0), ('prices', 0);

create trigger supply_grows before update on supply begin
  select raise(abort, 'version only grows')
    where new.version <= old.version or new.name <> old.name;
end;
create trigger supply_no_delete before delete on supply begin
  select raise(abort, 'supply is permanent');
end;

create trigger card_added after insert on card begin
  update supply set version = version + 1 where name = 'roster';
  update supply set version = version + 1 where name = 'blocks' and new.status = 'blocked';
end;
create trigger card_removed after delete on card begin
  update supply set version = version + 1 where name in('roster', 'blocks');
end;
create trigger card_moved after update of uid, student on card begin
  update supply set version = version + 1 where name = 'roster';
end;
create trigger card_blocked after update of status on card when new.status <> old.status begin
  update supply set version = version + 1 where name = 'blocks';
  update supply set version = version + 1 where name = 'roster'
    and (select count(*) from card where status = 'blocked') > ${BLOCKED_CARDS_MAX};
end;
create trigger student_changed
  after update of first_name, last_name, class, allergens on student begin
  update supply set version = version + 1 where name = 'roster';
end;

-- A price list has the version it was entered with; a changed till needs one of its own too, so the
-- list in force at version v is the one with the highest number up to v.
create trigger price_of_the_past before insert on price begin
  select raise(abort, 'price list is of the past')
    where new.version < (select version from supply where name = 'prices');
end;
create trigger price_added after insert on price begin
  update supply set version = new.version where name = 'prices' and version < new.version;
end;
-- A new epoch is a new device: what the old one said about itself is no longer so.
create trigger terminal_renewed after update of epoch on terminal when new.epoch <> old.epoch begin
  update terminal set selling = 0, up_sequence = 0, down_sequence = 0, roster = 0, prices = 0,
    blocks = 0 where id = new.id;
end;
create trigger till_changed after update of till on terminal when new.till <> old.till begin
  update supply set version = version + 1 where name = 'prices';
end;
`;
