/** `<epoch>-<number>`: the epoch is another one after each start, since numbers begin anew. */
export function eventId(epoch: string, seq: number): string {
  return `${epoch}-${seq}`;
}

/** The number of an id of this epoch; null for every other text. */
export function parseEventId(text: string, epoch: string): number | null {
  const [, itsEpoch, digits = ''] = /^(\w{1,64})-(\d{1,15})$/.exec(text) ?? [];
  return itsEpoch === epoch ? Number(digits) : null;
}
