// What guardians set for a student, and who pays which part.

export const familyTables = /* sql */ `
select 1;
`;
