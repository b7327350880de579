export const ada = user('ada-example', 1001);
export const ben = user('ben-example', 1002);

export const bugLabel = { id: 501, name: 'bug', color: 'd73a4a', description: 'Something does not work' };

const organization = { login: 'acme-example', id: 2001, description: 'We sell lamps' };

/** The repository in which all samples happen. */
export const repository = {
  id: 3001,
  name: 'shop',
  full_name: 'acme-example/shop',
  private: true,
  html_url: 'https://github.com/acme-example/shop',
  description: 'The web shop',
  default_branch: 'main',
  owner: { ...organization, type: 'Organization' },
};

/** What every payload of a webhook tells of where it comes from. */
export const source = { repository, organization, sender: ada };

/** A person at GitHub, as payloads of webhooks show one. */
function user(login: string, id: number) {
  return {
    login,
    id,
    type: 'User',
    html_url: `https://github.com/${login}`,
    avatar_url: `https://avatars.githubusercontent.com/u/${id}`,
  };
}
