// Cards that prove themselves (NTAG 424 DNA). Only the epoch of a card's key is kept: the key
// itself follows from it, the UID and CARD_SECRET (protocol/card-key.ts), and nothing in the
// database helps anybody to copy a card.

export const cardKeys = /* sql */ `
-- 0: the card is known by its UID alone.
alter table card add column key_epoch integer not null default 0
  check(key_epoch = 0 or (key_epoch between 1 and 255 and length(uid) = 7));

create trigger card_personalised after update of key_epoch on card
  when new.key_epoch <> old.key_epoch begin
  update supply set version = version + 1 where name = 'roster';
end;
`;
