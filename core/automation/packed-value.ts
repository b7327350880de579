/** A value of a run as it is kept: small ones inline, large ones by reference to the organization's files. */
export type PackedValue = { inline: unknown } | { ref: string; size: number };

/**
 * Bytes of JSON up to which a value is kept inline in rows and workflow history. With the ids around it, no payload of
 * a history is over 16 KB.
 */
export const maxInlineSize = 14 * 1024;

/** Bytes of a value as JSON in UTF-8; 0 for undefined. */
export function jsonSize(value: unknown): number {
  const text = JSON.stringify(value);
  if (text === undefined) return 0;
  let size = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    // Each UTF-16 unit above 0x7f takes one more byte, above 0x7ff two more; a surrogate pair takes four in all.
    if (unit > 0x7f) size += unit > 0x7ff && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1;
  }
  return size;
}

/** True for a value that has to be fetched before it can be looked into. */
export function isReference(packed: PackedValue): packed is { ref: string; size: number } {
  return 'ref' in packed;
}
