import { createRootRoute, createRoute, redirect } from '@tanstack/react-router';
import { flagsQuery, meQuery, queryClient } from '../api/queries.js';
import { currentSession, mayBeSignedIn, renewSession } from '../api/session.js';
import { AppRoot } from './app-root.js';

/** Fields of an address are plain texts: lists stand with commas between, as the API takes them. */
export type UrlFields = Record<string, string | undefined>;

export const root = createRootRoute({ validateSearch: (fields: UrlFields): UrlFields => fields });

/** Everything that needs somebody to be signed in. */
export const app = createRoute({
  getParentRoute: () => root,
  id: 'app',
  beforeLoad: async ({ location }) => {
    if (await isSignedIn()) return;
    throw redirect({ to: '/log-in', search: { next: location.href } });
  },
  loader: () => Promise.all([queryClient.ensureQueryData(meQuery), queryClient.ensureQueryData(flagsQuery)]),
  component: AppRoot,
});

/** True for whoever has a session, or gets one by the cookie. */
export async function isSignedIn(): Promise<boolean> {
  if (currentSession()) return true;
  if (!mayBeSignedIn()) return false;
  await renewSession().catch(() => {});
  return currentSession() !== undefined;
}
