import { toast } from 'sonner';
import { messageOf } from '../../api/api-error.js';
import { callOperation } from '../../api/call-operation.js';
import { api, result } from '../../api/client.js';
import { queryClient } from '../../api/queries.js';
import { forgetSession } from '../../api/session.js';

/** Ends the session of this browser, in all its tabs. */
export async function signOut(): Promise<void> {
  await end(endHere);
}

/** Ends all sessions of the person, on every device. */
export async function signOutEverywhere(): Promise<void> {
  await end(async () => {
    await result(api.POST('/v1/sessions/revoke-all'));
    await endHere();
  });
}

/** By the cookie, which the API takes from JSON only: hence the body, of which the document says nothing. */
function endHere(): Promise<unknown> {
  return callOperation({ method: 'post', path: '/log-out' }, {});
}

async function end(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    toast.error(messageOf(error));
    return;
  }
  forgetSession();
  queryClient.clear();
}
