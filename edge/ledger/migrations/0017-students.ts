// Students as the school's register has them: numbers, years, leavers, absences, and the files they are imported from.

export const studentTables = /* sql */ `
-- The school's own key of a student, '' while it has none: a file that is imported again finds its student by it.
alter table student add column number text not null default '';
create unique index student_number on student(number) where number <> '';
-- When the student left the school; 0 for those who are here.
alter table student add column left_at integer not null default 0;

-- 2026 is the year 2026-2027; the highest is the one that runs.
create table school_year(
  year integer primary key check(year between 2000 and 2200),
  began_at integer not null
) strict;
insert into school_year(year, began_at)
  values(cast(strftime('%Y', 'now', '-7 months') as integer), unixepoch());

-- Who was in which class in which year. Triggers keep it, so that no page or import can move a student and forget
-- where the student was.
create table enrolment(
  student integer not null references student(id),
  year integer not null references school_year(year),
  class text not null,
  primary key(student, year)
) strict;
insert into enrolment(student, year, class)
  select id, (select max(year) from school_year), class from student;
create trigger student_enrolled after insert on student begin
  insert into enrolment(student, year, class)
    select new.id, max(year), new.class from school_year;
end;
create trigger student_moved after update of class on student when new.class <> old.class begin
  insert into enrolment(student, year, class)
    select new.id, max(year), new.class from school_year where true
    on conflict(student, year) do update set class = excluded.class;
end;

-- Both days are days since 1970, and both are days of absence.
create table absence(
  id integer primary key,
  student integer not null references student(id),
  from_day integer not null,
  until_day integer not null check(until_day between from_day and from_day + 366),
  note text not null default '',
  author integer not null references person(id),
  at integer not null,
  unique(student, from_day, until_day)
) strict;
create index absence_day on absence(until_day, from_day);

-- A file as it was sent, until it is confirmed or given up: then its content goes, and the hash stays.
create table register_import(
  id text primary key check(id <> ''),
  name text not null,
  hash blob not null check(length(hash) = 32),
  year integer not null,
  author integer not null references person(id),
  at integer not null,
  content blob not null,
  state text not null default 'staged' check(state in('staged','confirmed','discarded')),
  ended_at integer not null default 0,
  -- JSON: how many were added, changed and so on.
  counts text not null default ''
) strict;
create trigger register_import_fixed before update on register_import begin
  select raise(abort, 'an import is what was sent') where new.id <> old.id or new.hash <> old.hash
    or new.year <> old.year or new.author <> old.author or new.at <> old.at;
  select raise(abort, 'an import ends once') where old.state <> 'staged' and new.state <> old.state;
  select raise(abort, 'an import is what was sent')
    where new.content <> old.content and length(new.content) > 0;
end;
create trigger register_import_no_delete before delete on register_import begin
  select raise(abort, 'an import is kept');
end;
`;
