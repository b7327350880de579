import type postgres from 'postgres';
import type { Stack } from '#stack/stack.js';
import { eventually } from '../eventually.js';
import { openOwner } from '../owner.js';

export interface HeldLocks {
  /** Resolves when statements that hold each of these texts wait for the locks. */
  isAwaitedBy(...statements: readonly string[]): Promise<void>;
  /** Ends the connections that wait, as the server would those of a process that has died. */
  endWaiting(): Promise<void>;
  letGo(): Promise<void>;
}

/** An activity is tried again when its heartbeats have been missing for half a minute. */
const longestMs = 90_000;

/** Takes locks, each by a statement of SQL, which keep programs from going on at a place that a test has chosen. */
export async function holdLocks(stack: Stack, locks: readonly string[]): Promise<HeldLocks> {
  const owner = openOwner(stack);
  const session = await owner.reserve();
  const [{ pid } = { pid: 0 }] = await session<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`;
  await session`BEGIN`;
  for (const lock of locks) await session.unsafe(lock);
  return {
    async isAwaitedBy(...statements) {
      for (const statement of statements) {
        let waiting: readonly string[] = [];
        const isThere = async () => {
          waiting = (await waitingFor(owner, pid)).map(({ query }) => query);
          return waiting.some((query) => query.includes(statement)) ? true : undefined;
        };
        await eventually(`${statement} waits for the locks`, isThere, longestMs).catch((cause: unknown) => {
          throw new Error(`Only these wait: ${waiting.join('; ')}`, { cause });
        });
      }
    },
    async endWaiting() {
      for (const waiting of await waitingFor(owner, pid)) {
        await owner`SELECT pg_terminate_backend(${waiting.pid})`;
      }
    },
    async letGo() {
      await session`COMMIT`;
      session.release();
    },
  };
}

function waitingFor(owner: postgres.Sql, pid: number) {
  return owner<{ pid: number; query: string }[]>`
    SELECT pid, query FROM pg_stat_activity WHERE ${pid} = ANY (pg_blocking_pids(pid))`;
}
