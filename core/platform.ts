/**
 * The organization in which the platform keeps itself. Its members are the super-users, who sign in to it as others do to
 * theirs; its audit log is that of the platform. It is made with the first super-user.
 */
export const platformOrgId = '00000000-0000-7000-8000-000000000001';

/** No organization that is made by signing up gets this one: a slug has no dot. */
export const platformSlug = '.platform';
