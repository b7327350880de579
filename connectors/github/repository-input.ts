import { z } from 'zod';
import { chosenFrom } from '#core/choices.js';

/** The fields that name a repository. Dots alone would climb out of the address's path. */
export const RepositoryInput = z.object({
  owner: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/, 'must be the login of a user or organization')
    .meta(chosenFrom({ action: 'github.list_owners' })),
  repo: z
    .string()
    .regex(/^(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/, 'must be the name of a repository')
    .meta(chosenFrom({ action: 'github.list_repositories', given: ['owner'] })),
});

/** What GitHub takes, less the room for our marker. */
export const Body = z.string().max(65_000);
