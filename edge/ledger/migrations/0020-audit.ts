// What members of staff did, beside what the ledger says of money: kept for ever, in the order in which it was done.

export const auditTables = /* sql */ `
create table audit(
  no integer primary key,
  at integer not null,
  author integer not null references person(id),
  action text not null check(action <> ''),         -- card.block, student.import: area and verb
  subject text not null,                            -- student/12, person/5, card/04a1b2c3d4e5f6
  before text not null default '',                  -- JSON of what changes, or ''
  after text not null default '',
  reason text not null default ''
) strict;
create index audit_subject on audit(subject, no);
create index audit_author on audit(author, no);
-- Erasing a person takes their data out of before and after, and leaves that something was done.
create trigger audit_fixed before update on audit begin
  select raise(abort, 'the audit log only grows') where new.no <> old.no or new.at <> old.at
    or new.author <> old.author or new.action <> old.action or new.subject <> old.subject
    or (new.before <> old.before and new.before <> '"erased"')
    or (new.after <> old.after and new.after <> '"erased"')
    or (new.reason <> old.reason and new.reason <> 'erased');
end;
create trigger audit_no_delete before delete on audit begin
  select raise(abort, 'the audit log only grows');
end;
`;
