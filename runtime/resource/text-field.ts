import { z } from 'zod';

/**
 * Text of bounded length, in characters as JavaScript counts them. Refuses the NUL character, which PostgreSQL
 * can't store.
 */
export function textField({ min = 0, max }: { min?: number; max: number }) {
  return z
    .string()
    .min(min)
    .max(max)
    .refine((text) => !text.includes('\0'), 'must not contain the NUL character');
}

/** A name or title: one to `max` characters after the spaces around it are taken off. */
export function titleField(max: number) {
  return z
    .string()
    .trim()
    .min(1)
    .max(max)
    .refine((text) => !text.includes('\0'), 'must not contain the NUL character');
}
