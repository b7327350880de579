export interface SeenRequest {
  /** As the vendor's header has it. */
  id: string;
  path: string;
  model: string | undefined;
  /** As it came. */
  body: unknown;
  /** Milliseconds since 1970, as are the other moments. */
  at: number;
  state: 'in_flight' | 'answered' | 'cancelled';
  status: number | undefined;
  /** When the first byte of the answer went out. */
  firstByteAt: number | undefined;
  /** When the answer was complete, or the client had gone. */
  endedAt: number | undefined;
  chunks: number;
}

/** The requests that came, oldest first; beyond so many the oldest are forgotten. */
export class SeenRequests {
  readonly all: SeenRequest[] = [];
  readonly #maxKept: number;
  #waiting: { condition: (all: readonly SeenRequest[]) => boolean; resolve: () => void }[] = [];

  constructor(maxKept = 10_000) {
    this.#maxKept = maxKept;
  }

  begin(id: string, path: string): SeenRequest {
    const seen: SeenRequest = {
      id,
      path,
      model: undefined,
      body: undefined,
      at: Date.now(),
      state: 'in_flight',
      status: undefined,
      firstByteAt: undefined,
      endedAt: undefined,
      chunks: 0,
    };
    this.all.push(seen);
    if (this.all.length > this.#maxKept) this.all.shift();
    return seen;
  }

  end(seen: SeenRequest, state: 'answered' | 'cancelled'): void {
    seen.state = state;
    seen.endedAt = Date.now();
    this.changed();
  }

  /** Tells those who wait that something has changed. */
  changed(): void {
    const fulfilled = this.#waiting.filter(({ condition }) => condition(this.all));
    this.#waiting = this.#waiting.filter((one) => !fulfilled.includes(one));
    for (const { resolve } of fulfilled) resolve();
  }

  /** Resolves when the condition is true of the requests. */
  until(condition: (all: readonly SeenRequest[]) => boolean): Promise<void> {
    if (condition(this.all)) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ condition, resolve }));
  }

  get inFlight(): number {
    return this.all.filter(({ state }) => state === 'in_flight').length;
  }

  clear(): void {
    this.all.length = 0;
  }
}
