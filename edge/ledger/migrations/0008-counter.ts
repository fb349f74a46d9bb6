// What counters need beside sales: the badges of staff, and what was ordered for a day. As for
// other supplies, triggers make a version grow whenever what terminals hold becomes old.

export const counterTables = /* sql */ `
create table badge(
  uid blob primary key check(length(uid) between 4 and 10),
  person integer not null references person(id),    -- the operator in the entries of a shift
  since integer not null
) strict;
create trigger badge_is_no_card before insert on badge begin
  select raise(abort, 'uid is a card') where exists(select 1 from card where uid = new.uid);
end;
create trigger card_is_no_badge before insert on card begin
  select raise(abort, 'uid is a badge') where exists(select 1 from badge where uid = new.uid);
end;
create trigger badge_added after insert on badge begin
  update supply set version = version + 1 where name = 'roster';
end;
create trigger badge_removed after delete on badge begin
  update supply set version = version + 1 where name = 'roster';
end;
create trigger badge_changed before update on badge begin
  select raise(abort, 'a badge is given and taken back, not changed');
end;

create table pre_order(
  id integer primary key check(id between 1 and 4294967295),
  student integer not null references student(id),
  day integer not null,                             -- days since 1970, by the school's calendar
  lines text not null,                              -- JSON: [[product, quantity], ...]
  state text not null default 'ordered' check(state in('ordered','collected','cancelled')),
  collected_at integer not null default 0           -- the terminal's clock
) strict;
create index pre_order_day on pre_order(day, student);

-- How often the list of a day has changed. Handing over is no change: lists would be sent all lunch.
create table order_day(
  day integer primary key,
  changes integer not null
) strict;
create trigger pre_order_added after insert on pre_order begin
  insert into order_day(day, changes) values(new.day, 1)
    on conflict(day) do update set changes = changes + 1;
end;
create trigger pre_order_fixed before update of id, student, day on pre_order begin
  select raise(abort, 'an order is cancelled and made anew, not moved');
end;
create trigger pre_order_changed after update of lines, state on pre_order
  when new.lines <> old.lines or (new.state <> old.state and new.state <> 'collected') begin
  update order_day set changes = changes + 1 where day = new.day;
end;
create trigger pre_order_no_delete before delete on pre_order begin
  select raise(abort, 'an order is cancelled, not deleted');
end;

alter table terminal add column orders integer not null default 0;
create trigger terminal_orders_renewed after update of epoch on terminal
  when new.epoch <> old.epoch begin
  update terminal set orders = 0 where id = new.id;
end;
`;
