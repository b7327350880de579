type Close = () => Promise<void> | void;

interface Closer {
  close: Close;
  /** Where it was registered, for the one that hangs. */
  origin: string;
}

/** A stack of services is given 20 s to stop its slowest. */
const longestCloseMs = 40_000;

const closers: Closer[] = [];

/** Has something closed after the last test of the process; what was opened last is closed first. */
export function onTestsEnd(close: Close): void {
  const [, , , origin = 'an unknown place'] = new Error().stack?.split('\n') ?? [];
  closers.push({ close, origin: origin.trim() });
}

/** Closes everything that tests have opened. Goes on when one of them fails or hangs, and throws at the end. */
export async function closeAll(): Promise<void> {
  const failures: Error[] = [];
  for (const { close, origin } of closers.splice(0).reverse()) {
    await within(longestCloseMs, close).catch((cause: unknown) =>
      failures.push(new Error(`Could not be closed: what was opened ${origin}`, { cause })),
    );
  }
  if (failures.length > 0) throw new AggregateError(failures, 'Tests have left something open');
}

async function within(limitMs: number, close: Close): Promise<void> {
  let deadline: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    deadline = setTimeout(() => reject(new Error(`It took longer than ${limitMs} ms`)), limitMs);
  });
  try {
    await Promise.race([close(), tooLate]);
  } finally {
    clearTimeout(deadline);
  }
}
