// Who held which card from when to when, and when each terminal knew that it was blocked. Kept by triggers, so that no page,
// import or repair can move a card without a trace: what a late token is worth is judged by this history.

export const cardTables = /* sql */ `
-- Of the last thing that was done with the card: who, 0 for nobody, and why.
alter table card add column author integer not null default 0;
alter table card add column reason text not null default '';

create table card_event(
  id integer primary key,
  uid blob not null,
  student integer not null,
  kind text not null check(kind in('issued','blocked','unblocked','returned')),
  at integer not null,
  author integer not null,
  reason text not null,
  -- The version of the block list from which on this holds.
  blocks integer not null
) strict;
create index card_event_uid on card_event(uid, id);
create index card_event_student on card_event(student, id);
create index card_event_stop on card_event(uid) where kind in('blocked', 'returned');
create trigger card_event_no_update before update on card_event begin
  select raise(abort, 'the history of cards only grows');
end;
create trigger card_event_no_delete before delete on card_event begin
  select raise(abort, 'the history of cards only grows');
end;
create trigger card_event_no_replace before insert on card_event
  when exists(select 1 from card_event where id = new.id) begin
  select raise(abort, 'the history of cards only grows');
end;

-- What was known so far: since when a card is as it is.
insert into card_event(uid, student, kind, at, author, reason, blocks)
  select uid, student, 'issued', iif(status = 'active', since, 0), 0, '', 0 from card order by uid;
insert into card_event(uid, student, kind, at, author, reason, blocks)
  select uid, student, 'blocked', since, 0, '', (select version from supply where name = 'blocks')
  from card where status = 'blocked' order by uid;

create trigger card_stays before update of uid, student on card begin
  select raise(abort, 'a card is taken back and issued anew, not moved')
    where new.uid <> old.uid or new.student <> old.student;
end;
create trigger card_of_another before insert on card begin
  select raise(abort, 'card is of another student')
    where exists(select 1 from card where uid = new.uid and student <> new.student);
end;
drop trigger card_moved;

-- The version grows before it is noted.
drop trigger card_added;
create trigger card_added after insert on card begin
  update supply set version = version + 1 where name = 'roster';
  update supply set version = version + 1 where name = 'blocks' and new.status = 'blocked';
  insert into card_event(uid, student, kind, at, author, reason, blocks)
    select new.uid, new.student, 'issued', new.since, new.author, new.reason, version
    from supply where name = 'blocks';
  insert into card_event(uid, student, kind, at, author, reason, blocks)
    select new.uid, new.student, 'blocked', new.since, new.author, new.reason, version
    from supply where name = 'blocks' and new.status = 'blocked';
end;
drop trigger card_blocked;
create trigger card_blocked after update of status on card when new.status <> old.status begin
  update supply set version = version + 1 where name = 'blocks';
  update supply set version = version + 1 where name = 'roster'
    and (select count(*) from card where status = 'blocked') > 200;
  insert into card_event(uid, student, kind, at, author, reason, blocks)
    select new.uid, new.student, iif(new.status = 'blocked', 'blocked', 'unblocked'), new.since,
      new.author, new.reason, version
    from supply where name = 'blocks';
end;
drop trigger card_removed;
create trigger card_removed after delete on card begin
  update supply set version = version + 1 where name in('roster', 'blocks');
  insert into card_event(uid, student, kind, at, author, reason, blocks)
    select old.uid, old.student, 'returned', old.since, old.author, old.reason, version
    from supply where name = 'blocks';
end;

-- When a terminal first said that it holds a block list.
create table block_heard(
  terminal integer not null references terminal(id),
  epoch integer not null,
  version integer not null,
  at integer not null,
  primary key(terminal, epoch, version)
) strict;
create trigger blocks_heard after update of blocks on terminal when new.blocks > old.blocks begin
  insert into block_heard(terminal, epoch, version, at)
    values(new.id, new.epoch, new.blocks, new.last_seen) on conflict do nothing;
end;
`;
