import type { PackedValue } from '#core/automation/packed-value.js';

/** A `stop` node was reached: the run ends here, on purpose. */
export class StopRun extends Error {
  override readonly name = 'StopRun';

  constructor(
    readonly status: 'succeeded' | 'failed',
    override readonly message: string,
    readonly output: PackedValue | undefined,
  ) {
    super(message);
  }
}
