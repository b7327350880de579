import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useSession } from '../features/session/use-session.js';
import { AppShell } from '../features/shell/app-shell.js';

/** The app for whoever is signed in. Who is signed out, here or in another tab, leaves it. */
export function AppRoot() {
  const session = useSession();
  const navigate = useNavigate();
  useEffect(() => {
    if (!session) void navigate({ to: '/log-in' });
  }, [session, navigate]);
  return session ? <AppShell session={session} /> : null;
}
