// The history of cards: who held which, since when, and when each terminal knew.

export const cardTables = /* sql */ `
select 1;
`;
