/** Waits until `look` gives something other than undefined; fails after the deadline with what was waited for. */
export async function eventually<Found>(
  what: string,
  look: () => Promise<Found | undefined> | Found | undefined,
  deadlineMs = 30_000,
  intervalMs = 20,
): Promise<Found> {
  const end = Date.now() + deadlineMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`Waited ${deadlineMs} ms in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, intervalMs));
  }
}
