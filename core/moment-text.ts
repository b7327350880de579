/** A moment (ISO 8601) as people read it, to the minute, in UTC: `2030-01-31 09:00 UTC`. */
export function momentText(moment: string): string {
  return `${new Date(moment).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
