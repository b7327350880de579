import { z } from 'zod';
import { ChoicesPage, choicesInput, isAmong } from '#core/choices.js';
import { defineConnectorAction } from '#core/connector.js';
import { callGitHub } from './client.js';
import type { GitHubContext } from './connection.js';
import { nextPage, pageNumber, pageSize } from './page-number.js';

const Repository = z.looseObject({
  name: z.string(),
  private: z.boolean().optional(),
  owner: z.looseObject({ login: z.string() }),
});

/** Of what was looked for and not found on a page, the next ones are read, so many at most. */
const maxPages = 5;

export const listRepositories = defineConnectorAction({
  name: 'github.list_repositories',
  title: 'List repositories',
  description: 'Lists the repositories that the token may reach, of one owner or of all.',
  permission: 'github:list_repositories',
  effect: 'read',
  input: z.object({
    ...choicesInput,
    cursor: pageNumber,
    owner: z.string().max(100).optional().describe('Login of a user or organization'),
  }),
  output: ChoicesPage,
  async run(context: GitHubContext, { q, owner, cursor }) {
    let page = cursor;
    for (;;) {
      const found = await callGitHub(context, z.array(Repository), ({ rest }) =>
        rest.repos.listForAuthenticatedUser({ sort: 'full_name', per_page: pageSize, page }),
      );
      const items = found
        .filter((repository) => owner === undefined || isSame(repository.owner.login, owner))
        .filter(({ name }) => isAmong(q, name))
        .map(({ name, private: isPrivate }) => ({
          value: name,
          label: name,
          ...(isPrivate && { hint: 'Private' }),
        }));
      const nextCursor = nextPage(page, found.length);
      if (items.length > 0 || nextCursor === null || page - cursor >= maxPages - 1) {
        return { items, nextCursor };
      }
      page += 1;
    }
  },
});

/** Logins of GitHub are the same in small and capital letters. */
function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
