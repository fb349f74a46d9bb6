// Until when a member of staff may open a counter.

export const badgeTables = /* sql */ `
select 1;
`;
