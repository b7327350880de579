import { Optional } from '@marcbachmann/cel-js';
import { base64Of } from './base64.js';
import { AllowanceExceeded, spendOutput } from './meter.js';

interface Converted {
  json: unknown;
  /** Roughly the characters of its JSON text. */
  size: number;
}

interface Progress {
  known: Map<object, Converted>;
  depth: number;
}

/** Lists and objects within each other. What is nested thousands of times could not be written out. */
const maxDepth = 100;

/**
 * What an expression gave as plain JSON: whole numbers as numbers, moments as ISO 8601, bytes as base64. Counts its
 * size (meter.ts) before anyone writes it out: a value that holds the same part many times can be huge as text.
 */
export function toJson(value: unknown): unknown {
  const { json, size } = convert(value, { known: new Map(), depth: 0 });
  spendOutput(size);
  return json;
}

function convert(value: unknown, progress: Progress): Converted {
  if (typeof value === 'string') return { json: value, size: value.length + 2 };
  if (typeof value === 'bigint') return { json: Number(value), size: 8 };
  if (typeof value !== 'object' || value === null) return { json: value, size: 8 };
  const earlier = progress.known.get(value);
  if (earlier) return earlier;
  if (progress.depth >= maxDepth) throw new AllowanceExceeded('gives a value that is nested too deeply');
  progress.depth += 1;
  const converted = convertObject(value, progress);
  progress.depth -= 1;
  progress.known.set(value, converted);
  return converted;
}

function convertObject(value: object, progress: Progress): Converted {
  if (Array.isArray(value)) {
    let size = 2;
    const json = value.map((entry) => {
      const converted = convert(entry, progress);
      size += converted.size + 1;
      return converted.json;
    });
    return { json, size };
  }
  if (value instanceof Date) return { json: value.toISOString(), size: 26 };
  if (value instanceof Uint8Array) return convert(base64Of(value), progress);
  if (value instanceof Optional) return convert(value.hasValue() ? value.value() : null, progress);
  if (value instanceof Map) return convertEntries([...value], progress);
  if (Object.getPrototypeOf(value) !== Object.prototype && 'valueOf' in value) {
    const primitive: unknown = value.valueOf();
    return convert(typeof primitive === 'object' ? String(value) : primitive, progress);
  }
  return convertEntries(Object.entries(value), progress);
}

function convertEntries(entries: readonly (readonly [unknown, unknown])[], progress: Progress): Converted {
  let size = 2;
  const converted = entries.map(([key, entry]) => {
    const { json, size: own } = convert(entry, progress);
    size += String(key).length + own + 4;
    return [String(key), json] as const;
  });
  return { json: Object.fromEntries(converted), size };
}
