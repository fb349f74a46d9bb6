// Which entries a later signature has vouched for and whose own was not checked yet: a gateway that dies
// leaves them to the next one.

export const lateChecks = /* sql */ `
create table late_check(
  terminal integer not null,
  epoch integer not null,
  first integer not null,                           -- seq of entries, both included
  last integer not null check(last >= first),
  primary key(terminal, epoch, first)
) strict;
`;
