/** The ways out of a loop: into its body, and on when it is done. */
export const bodyHandle = 'body';
export const doneHandle = 'done';

/** Most items that one loop works through. */
export const maxLoopItems = 100_000;
