import { z } from 'zod';
import { parseDuration } from './duration.js';

/** A duration between two bounds, in milliseconds, written as text. */
export const durationText = (minMs: number, maxMs: number) =>
  z.string().refine(
    (text) => {
      const ms = parseDuration(text);
      return ms !== undefined && ms >= minMs && ms <= maxMs;
    },
    { message: `must be a duration such as 30s, 5m or 2h, between ${minMs} ms and ${maxMs} ms` },
  );
