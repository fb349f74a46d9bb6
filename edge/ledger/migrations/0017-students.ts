// Students as the school's register has them: numbers, years, leavers, absences, and the files they came from.

export const studentTables = /* sql */ `
-- The register's own number of a student, by which a file that is imported again finds them.
alter table student add column number text;
create unique index student_number on student(number) where number is not null;
-- Days since 1970 in Brussels; 0: is here.
alter table student add column left_on integer not null default 0;

-- A school year by the year in which it begins; who was in which class then stays known.
create table enrolment(
  student integer not null references student(id),
  year integer not null check(year between 2000 and 2200),
  class text not null,
  primary key(student, year)
) strict;

-- Both days included.
create table absence(
  id text primary key,
  student integer not null references student(id),
  first_day integer not null,
  last_day integer not null check(last_day >= first_day),
  note text not null default '',
  recorded_at integer not null
) strict;
create index absence_days on absence(last_day, first_day);

-- A file that was looked at and may be confirmed: exactly this one, over exactly that register.
create table import(
  id text primary key,
  by integer not null references person(id),
  at integer not null,
  year integer not null,
  body text not null,                               -- as decoded
  plan blob not null check(length(plan) = 32),      -- SHA-256 of what it would change
  confirmed_at integer not null default 0
) strict;
`;
