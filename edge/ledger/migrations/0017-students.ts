// Students as the school's register has them: numbers, years, leavers, absences.

export const studentTables = /* sql */ `
select 1;
`;
