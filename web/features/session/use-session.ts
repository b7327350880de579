import { useSyncExternalStore } from 'react';
import { currentSession, onSessionChange, type Session } from '../../api/session.js';

/** The session of whoever is signed in. */
export function useSession(): Session | undefined {
  return useSyncExternalStore(onSessionChange, currentSession);
}
