// What the mail queue knows of each try to send, and which addresses nobody is reached at.

export const mailQueue = /* sql */ `
alter table mail add column html text not null default '';
alter table mail add column state text not null default 'waiting'
  check(state in('waiting', 'sent', 'refused', 'given-up'));
alter table mail add column tries integer not null default 0;
alter table mail add column next_at integer not null default 0;
-- What the other server said last.
alter table mail add column error text not null default '';
drop trigger mail_fixed;
update mail set state = 'sent' where sent_at <> 0;
create index mail_due on mail(state, next_at);
-- When its time is over the words go, and that there was a mail stays.
create trigger mail_fixed before update on mail begin
  select raise(abort, 'mail is fixed') where new.id <> old.id or new.address <> old.address
    or new.queued_at <> old.queued_at
    or (old.state = 'sent' and (new.state <> 'sent' or new.sent_at <> old.sent_at))
    or (new.subject <> old.subject and new.subject <> '')
    or (new.body <> old.body and new.body <> '') or (new.html <> old.html and new.html <> '');
end;

-- Nothing more is sent there before the office gives another address, or says that this one works again.
create table dead_address(
  address text primary key,                         -- in lower case
  since integer not null,
  error text not null
) strict;
`;
