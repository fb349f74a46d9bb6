// What the mail queue knows of each try to send.

export const mailQueue = /* sql */ `
select 1;
`;
