// What the school lets others keep: once a day the head of the chain is published, so that not even whoever runs the
// database can rewrite what came before without being found out. And mail, queued with its cause.

export const headTables = /* sql */ `
create table head(
  day integer primary key,                          -- the one that ended: days since 1970, in Brussels
  block integer not null references block(no),
  hash blob not null check(length(hash) = 32),
  at integer not null
) strict;
create trigger head_insert before insert on head begin
  select raise(abort, 'heads follow one another')
    where new.day <= (select coalesce(max(day), 0) from head)
      or new.block < (select coalesce(max(block), 0) from head);
  select raise(abort, 'a head is a block')
    where not exists(select 1 from block where no = new.block and hash = new.hash);
end;
create trigger head_no_update before update on head begin
  select raise(abort, 'a published head stays');
end;
create trigger head_no_delete before delete on head begin
  select raise(abort, 'a published head stays');
end;

-- Who keeps the heads for the school: its committee, a parents' association, an accountant.
create table committee(
  address text primary key check(address like '%_@_%'),
  language text not null default 'fr' check(language in('fr','nl','de','en'))
) strict;

-- The id follows from the cause, so that a mail is queued once.
create table mail(
  id text primary key,
  address text not null,
  subject text not null,
  body text not null,
  queued_at integer not null,
  sent_at integer not null default 0
) strict;
create index mail_queued on mail(sent_at, queued_at);
create trigger mail_fixed before update on mail begin
  select raise(abort, 'mail is fixed') where old.sent_at <> 0 or new.id <> old.id
    or new.address <> old.address or new.subject <> old.subject or new.body <> old.body;
end;
`;
