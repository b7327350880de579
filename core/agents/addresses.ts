/** Names of fields that say where something goes. */
const targetFields =
  /^(to|cc|bcc|recipients?|channel|url|address|email|phone|webhook|user|chat|thread|room|owner|repo|repository)(_?ids?)?$/i;

const mailOrUrl = /https?:\/\/[^\s"'<>)\]]+|[\w.%+-]+@[\w-]+(?:\.[\w-]+)+/g;

/** Where a call would send something: mail addresses and links anywhere in its arguments, and what its target fields hold. */
export function addressesIn(input: unknown, field = ''): string[] {
  if (typeof input === 'string') {
    const found = input.match(mailOrUrl) ?? [];
    return targetFields.test(field) && input.trim() !== '' ? [input.trim(), ...found] : [...found];
  }
  if (Array.isArray(input)) return input.flatMap((item) => addressesIn(item, field));
  if (typeof input !== 'object' || input === null) return [];
  return Object.entries(input).flatMap(([name, value]) => addressesIn(value, name));
}

/** True if a text names this very address, and not one that merely begins or ends alike. */
export function names(text: string, address: string): boolean {
  const escaped = address.toLowerCase().replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?:^|[\\s"'<>(,;:])${escaped}(?=$|[\\s"'<>),;:]|[.!?](?:\\s|$))`).test(
    text.toLowerCase(),
  );
}
