import type { paths } from '../client/schema.js';
import { ApiError, readProblem, toApiError } from './api-error.js';

declare global {
  interface Window {
    worksynapseSession?: Promise<Response>;
  }
}

/** What the API gives whoever is let in. */
export type Session = paths['/v1/session/refresh']['post']['responses'][200]['content']['application/json'];

/** Says on the next visit that asking for a session is worth a request. It proves nothing. */
const hintKey = 'worksynapse.signed-in';
/** Renewed when it is this close to its end, so that no call has to fail first. */
const marginMs = 20_000;

let session: Session | undefined;
let endsAt = 0;
let renewal: Promise<void> | undefined;
const listeners = new Set<() => void>();
const otherTabs = new BroadcastChannel('worksynapse.session');

/** The session, whose access token is here and nowhere else: no script finds it after the page is gone. */
export function currentSession(): Session | undefined {
  return session;
}

/** Calls back when somebody signed in or out; returns how to stop. */
export function onSessionChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** True if this browser was signed in when it was last here. */
export function mayBeSignedIn(): boolean {
  return localStorage.getItem(hintKey) !== null;
}

/** Takes over the session that signing in gave. Other tabs of another session begin anew. */
export function openSession(opened: Session): void {
  take(opened);
  otherTabs.postMessage({ organizationId: opened.organization.id, userId: opened.user.id });
}

/** Forgets the session here and in all tabs. */
export function forgetSession(): void {
  drop();
  otherTabs.postMessage({ organizationId: null, userId: null });
}

/** The access token, renewed if it is about to end. Undefined where nobody is signed in. */
export async function accessToken(): Promise<string | undefined> {
  if (session && Date.now() > endsAt - marginMs) await renewSession(session.accessToken).catch(() => {});
  return session?.accessToken;
}

/**
 * Gets the next session by the cookie: once for all who ask meanwhile, and one tab after another. `stale` is the token
 * that was refused; nothing is asked if there is another by now. Throws `unauthenticated` where there is no session.
 */
export function renewSession(stale?: string): Promise<void> {
  if (session && session.accessToken !== stale) return Promise.resolve();
  renewal ??= inTurn(renew).finally(() => {
    renewal = undefined;
  });
  return renewal;
}

async function renew(): Promise<void> {
  const response = await (takeEarly() ?? askForSession()).catch((error: unknown) => {
    throw toApiError(error);
  });
  if (response.ok) {
    const renewed: Session = await response.json();
    const isOther = session && session.organization.id !== renewed.organization.id;
    take(renewed);
    if (isOther) location.reload();
    return;
  }
  if (response.status === 401) drop();
  throw await readProblem(response);
}

function askForSession(): Promise<Response> {
  return fetch('/v1/session/refresh', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
}

/** What public/session.js has asked for before the app was there. It counts once. */
function takeEarly(): Promise<Response> | undefined {
  const early = window.worksynapseSession;
  delete window.worksynapseSession;
  return early;
}

function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  // Where pages come over plain http from elsewhere, browsers have no locks; the API takes two at once anyway.
  return 'locks' in navigator ? navigator.locks.request('worksynapse.session', work) : work();
}

function take(opened: Session): void {
  session = opened;
  endsAt = Date.now() + opened.expiresInSeconds * 1000;
  localStorage.setItem(hintKey, 'yes');
  for (const listener of listeners) listener();
}

function drop(): void {
  session = undefined;
  localStorage.removeItem(hintKey);
  for (const listener of listeners) listener();
}

otherTabs.onmessage = ({ data }: MessageEvent<{ organizationId: string | null; userId: string | null }>) => {
  const isSame = session?.organization.id === data.organizationId && session?.user.id === data.userId;
  if (!session || isSame) return;
  if (data.userId === null) return drop();
  location.reload();
};

/** For calls that need somebody to be signed in. */
export function signedOut(): ApiError {
  return new ApiError('unauthenticated', 'You are signed out');
}
