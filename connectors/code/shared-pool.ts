import { createThreadPool } from './thread-pool.js';

/** The threads of this process for code. None runs before the first job, and none when there was no job for a while. */
export const sharedPool = createThreadPool({ size: 2, idleMs: 30_000 });
