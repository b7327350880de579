import type { Request, Response } from 'express';
import type { IncomingDelivery } from '#runtime/deliveries.js';

/** What a hook address leads to once its key is found. */
export interface Door {
  orgId: string;
  provider: string;
  methods: readonly string[];
  /** What may follow the key in the address. */
  path?: string | undefined;
  /** Set where the sender waits for what this automation's run answers. */
  answering?: { automationId: string; timeoutMs: number } | undefined;
  /** Reads and proves the delivery; undefined after a handshake, which is answered at once. */
  receive(request: Request, response: Response): Promise<IncomingDelivery | undefined>;
}
