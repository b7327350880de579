import { openOwner } from '../owner.js';

/** Keeps every new task out of a project until the returned function is called. */
export async function lockProject(
  stack: Parameters<typeof openOwner>[0],
  projectId: string,
): Promise<() => Promise<void>> {
  const session = await openOwner(stack).reserve();
  await session`BEGIN`;
  await session`SELECT FROM projects WHERE id = ${projectId} FOR UPDATE`;
  return async () => {
    await session`COMMIT`;
    session.release();
  };
}
