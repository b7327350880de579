/** What addresses of files look like, in the database as well. */
export const addressPattern = '[0-9a-f]{64}';

/** Everything in a text that may be the address of a file, each once. */
export function addressesIn(content: Uint8Array): string[] {
  const text = Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('latin1');
  return [...new Set(text.match(new RegExp(addressPattern, 'g')))];
}
