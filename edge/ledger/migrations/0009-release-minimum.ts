// A release says which firmware may still run beside it once it has proven itself.

export const releaseMinimum = /* sql */ `
alter table release add column minimum integer not null default 0 check(minimum between 0 and version);
`;
