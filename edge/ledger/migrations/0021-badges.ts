// Badges of staff run out: a badge that somebody forgot to hand in opens no counter for ever.

export const badgeTables = /* sql */ `
-- Seconds since 1970, the moment from which on it opens nothing; 0 for no end.
alter table badge add column valid_until integer not null default 0 check(valid_until >= 0);
alter table badge add column author integer not null default 0;
`;
