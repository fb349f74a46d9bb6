// The sales of a day are summed at every look at the bursar's page: an index that answers alone,
// without the tokens.

export const dayIndex = /* sql */ `
create index entry_day on entry(at, kind, outcome, total);
`;
