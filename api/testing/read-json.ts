import { z } from 'zod';

/** The JSON object that a response holds. */
export async function readJson(response: Response): Promise<Record<string, unknown>> {
  return z.record(z.string(), z.unknown()).parse(await response.json());
}

/** Status and problem code of a response: `404 not_found`. */
export async function problemCode(response: Response): Promise<string> {
  return `${response.status} ${String((await readJson(response)).code)}`;
}
