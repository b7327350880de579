import { z } from 'zod';

/** An organization as its members see it. */
export const Organization = z.object({ id: z.uuid(), name: z.string(), slug: z.string() });

/** A person as they see themselves. */
export const User = z.object({ id: z.uuid(), name: z.string(), email: z.string() });
