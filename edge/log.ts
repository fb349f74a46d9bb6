// One JSON line for each thing worth knowing afterwards. Numbers and names of reasons only: no
// student, card, person or amount ever reaches a log.

export function log(event: string, fields: Record<string, number | string | boolean>): void {
  console.log(JSON.stringify({ at: new Date().toISOString(), event, ...fields }));
}
