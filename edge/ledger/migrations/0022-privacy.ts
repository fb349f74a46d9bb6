// Whose data was erased, and which daily work is done.

export const privacyTables = /* sql */ `
-- A number and no name. After a restore from a backup it says what has to be erased again.
create table erasure(
  subject text primary key,                         -- person/5, student/12
  at integer not null,
  author integer not null references person(id)
) strict;
create trigger erasure_no_update before update on erasure begin
  select raise(abort, 'an erasure stays');
end;
create trigger erasure_no_delete before delete on erasure begin
  select raise(abort, 'an erasure stays');
end;

create table chore(
  name text primary key,
  day integer not null                              -- the last on which it was done: days since 1970
) strict;
`;
