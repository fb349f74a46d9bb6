// A nonce that signs two entries gives a terminal's key away (firmware/nonces.ts), so the ledger keeps the index of
// each, and finds an index, and a point R, that it has seen before.

export const nonceIndexes = /* sql */ `
-- Unknown for entries booked before this column was here.
alter table entry add column nonce integer;
create index entry_nonce on entry(terminal, epoch, nonce);
-- A token ends in its signature of 64 bytes (COSE_Sign1), and that begins with R (RFC 8032 section 5.1.6).
create index entry_point on entry(terminal, epoch, substr(token, -64, 32));
`;
