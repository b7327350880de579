import { z } from 'zod';

/** Input field: the number of a published version. Its own name, for `version` is that of the row. */
export const publishedVersion = z.coerce.number().int().min(1).max(2_147_483_647);
