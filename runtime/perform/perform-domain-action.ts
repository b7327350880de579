import type { DomainAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import { maskSensitive } from '#core/sensitive.js';
import type { Transaction } from '#db/client.js';
import type { AuditedChange } from '../audit.js';
import type { Actor } from '../caller.js';
import type { DomainContext } from '../domain.js';
import { hubTopic } from '../hub/hub.js';
import { concernsOthers } from '../notifications/concerns-others.js';
import { dispatchChannel, type OutboxEvent, timeOrderedId } from '../outbox.js';
import { unpackValue } from '../packing.js';
import { writeRecords } from '../records.js';
import { noOrigin } from '../request-origin.js';
import type { Services } from '../services.js';
import { type Admission, admit } from './admit.js';
import type { Call } from './call.js';
import { recordsOf } from './records-of.js';

type AfterCommit = () => Promise<void> | void;

/**
 * Steps 1 to 8 for an action of a domain: everything in one transaction, live views woken after it. What the action needs
 * from outside is asked for before it, between a first admission and that of this transaction.
 */
export async function performDomainAction(
  services: Services,
  action: DomainAction<DomainContext>,
  call: Call,
): Promise<unknown> {
  const { orgId } = call.caller;
  const afterCommit: AfterCommit[] = [];
  const asked = action.outside && (await askOutside(services, action, call));
  const output = await services.database.withOrg(orgId, async (db) => {
    const admission = await admit(db, action, call);
    if (admission.earlier.state === 'finished')
      return unpackValue(services.files(admission.actor.orgId, db), admission.earlier.output);
    if (action.outside && !asked)
      throw new AppError('internal', 'What the action has to know was not asked for');
    const happened: OutboxEvent[] = [];
    const changes: AuditedChange[] = [];
    const result = await action.run(
      {
        db,
        actor: admission.actor,
        services,
        origin: call.options.origin ?? noOrigin,
        emit: (event, payload) =>
          happened.push(newEvent(services, admission.actor, event.type, event.payload.parse(payload))),
        audit: (change) => changes.push(change),
        afterCommit: (work) => afterCommit.push(work),
      },
      admission.input,
      asked?.answer,
    );
    const parsed = shownTo(admission.actor, action, action.output.parse(result));
    const change = combined(changes);
    await record(services, db, { action, call, admission, output: parsed, change, happened, afterCommit });
    return parsed;
  });
  for (const work of afterCommit) await work();
  return output;
}

/**
 * Admits the call and does what `outside` returns when that transaction has been committed. Undefined where the call has
 * been performed before.
 */
async function askOutside(
  services: Services,
  action: DomainAction<DomainContext>,
  call: Call,
): Promise<{ answer: unknown } | undefined> {
  const ask = await services.database.withOrg(call.caller.orgId, async (db) => {
    const { actor, input, earlier } = await admit(db, action, call);
    if (earlier.state === 'finished') return undefined;
    const origin = call.options.origin ?? noOrigin;
    const told = { emit: onlyInRun, audit: onlyInRun, afterCommit: onlyInRun };
    return action.outside?.({ db, actor, services, origin, ...told }, input);
  });
  return ask && { answer: await ask(call.options.signal ?? new AbortController().signal) };
}

function onlyInRun(): never {
  throw new Error('What happened is told by `run`, in the transaction that has the result');
}

interface Performed {
  action: DomainAction<DomainContext>;
  call: Call;
  admission: Admission;
  output: unknown;
  change: AuditedChange;
  happened: readonly OutboxEvent[];
  afterCommit: AfterCommit[];
}

async function record(services: Services, db: Transaction, performed: Performed): Promise<void> {
  const { action, call, admission, output, change, happened, afterCommit } = performed;
  const { orgId } = admission.actor;
  const outcome = { input: admission.input, output };
  const records = await recordsOf(services.files(orgId, db), action, call, admission, output, change);
  const [{ queued }] = await Promise.all([
    writeRecords(db, { ...records, events: happened }),
    call.options.alsoRecord?.(db, outcome),
  ]);
  const last = happened.at(-1);
  if (!last) return;
  afterCommit.push(() => {
    services.hub.publish(hubTopic.events(orgId), { type: 'event', id: last.id });
    if (queued > 0) services.hub.publish(dispatchChannel, { type: 'event', id: last.id });
  });
}

function newEvent(
  { catalogue }: Services,
  { kind, userId, runId, depth, support }: Actor,
  type: string,
  payload: unknown,
): OutboxEvent {
  const doer = kind === 'user' ? userId : undefined;
  return {
    id: timeOrderedId(),
    type,
    payload,
    runId,
    depth: kind === 'automation' || kind === 'agent' ? depth + 1 : 0,
    ...(support && { supportGrantId: support.grantId }),
    ...(concernsOthers(catalogue, { type, payload }, doer) && { isNotice: true }),
  };
}

/** Support does not see what is secret, though members may. */
function shownTo({ support }: Actor, { output }: DomainAction<DomainContext>, value: unknown): unknown {
  return support ? maskSensitive(value, [output]) : value;
}

/** What an action has reported in one or more parts, as one change. */
function combined(changes: readonly AuditedChange[]): AuditedChange {
  const join = (side: keyof AuditedChange) => {
    const parts = changes.flatMap((change) => change[side] ?? []);
    return parts.length === 0 ? undefined : Object.assign({}, ...parts);
  };
  return { before: join('before'), after: join('after') };
}
