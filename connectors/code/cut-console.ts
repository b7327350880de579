import type { ConsoleLine } from './job.js';
import { limits } from './limits.js';

const note: ConsoleLine = {
  level: 'warn',
  text: `The rest was cut: at most ${limits.consoleLines} lines and ${limits.consoleSize / 1024} KB are kept.`,
};

/** The first lines that stay within both limits, the last of them shortened, then a note if any text is missing. */
export function cutConsole(lines: readonly ConsoleLine[]): ConsoleLine[] {
  const kept: ConsoleLine[] = [];
  let room: number = limits.consoleSize;
  for (const line of lines) {
    if (kept.length === limits.consoleLines) return [...kept, note];
    const size = Buffer.byteLength(line.text);
    if (size > room) return [...kept, { ...line, text: cutText(line.text, room) }, note];
    kept.push(line);
    room -= size;
  }
  return kept;
}

/** The longest beginning of a text that takes no more than `size` bytes in UTF-8, without a broken character. */
function cutText(text: string, size: number): string {
  const bytes = Buffer.from(text);
  let end = size;
  // Bytes that continue a character begin with the bits 10.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.toString('utf8', 0, end);
}
