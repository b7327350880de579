import { z } from 'zod';
import type { Permission } from '#core/action.js';

/** What a key may do: `resource:verb`, or `resource:*`. */
export const Scope = z.templateLiteral([
  z.string().regex(/[a-z][a-z0-9_]*/),
  ':',
  z.string().regex(/([a-z][a-z0-9_]*|\*)/),
]) satisfies z.ZodType<Permission>;
