// Firmware for terminals, whole and signed, and what each terminal says of its own condition.

export const firmwareReleases = /* sql */ `
-- Versions only grow; a release that went out is never changed.
create table release(
  version integer primary key check(version > 0),
  script blob not null check(length(script) > 0),
  sha256 blob not null check(length(sha256) = 32),  -- digestOfFirmware, as the terminal checks it
  signature blob not null check(length(signature) = 64), -- Ed25519, of the office that makes releases
  released_at integer not null
) strict;
create trigger release_stays before update on release begin select raise(abort, 'release: never changed'); end;

alter table terminal add column firmware integer not null default 0; -- 0: the script it was built with
alter table terminal add column errors integer not null default 0;   -- uncaught, since provisioning
alter table terminal add column last_error text not null default '';
alter table terminal add column variables integer not null default 0; -- free in its interpreter, 0 unknown
alter table terminal add column erases integer not null default 0;   -- of one flash page, since its start
`;
