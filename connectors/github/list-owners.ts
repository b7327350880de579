import { z } from 'zod';
import { ChoicesPage, choicesInput, isAmong } from '#core/choices.js';
import { defineConnectorAction } from '#core/connector.js';
import { callGitHub } from './client.js';
import type { GitHubContext } from './connection.js';
import { nextPage, pageNumber, pageSize } from './page-number.js';

const Owner = z.looseObject({ login: z.string() });

export const listOwners = defineConnectorAction({
  name: 'github.list_owners',
  title: 'List owners',
  description: 'Lists whose repositories the token may reach: its own account, and organizations of it.',
  permission: 'github:list_owners',
  effect: 'read',
  input: z.object({ ...choicesInput, cursor: pageNumber }),
  output: ChoicesPage,
  async run(context: GitHubContext, { q, cursor: page }) {
    const [user, organizations] = await Promise.all([
      page === 1 ? callGitHub(context, Owner, ({ rest }) => rest.users.getAuthenticated()) : undefined,
      callGitHub(context, z.array(Owner), ({ rest }) =>
        rest.orgs.listForAuthenticatedUser({ per_page: pageSize, page }),
      ),
    ]);
    const items = [
      ...(user ? [{ value: user.login, label: user.login, hint: 'Account' }] : []),
      ...organizations.map(({ login }) => ({ value: login, label: login, hint: 'Organization' })),
    ];
    return {
      items: items.filter(({ label }) => isAmong(q, label)),
      nextCursor: nextPage(page, organizations.length),
    };
  },
});
