/**
 * The URL that a text is, or undefined. In place of URL.canParse, which in Node 20 refuses every address with letters
 * such as ü once it has been called often (the fast path of its optimized form).
 */
export function parseUrl(address: string, base?: string | URL): URL | undefined {
  try {
    return new URL(address, base);
  } catch {
    return undefined;
  }
}
