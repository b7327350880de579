import { and, eq, isNull, type SQL, sql } from 'drizzle-orm';
import { AutomationTrigger } from '#core/automation/definition.js';
import { FormTriggerInput } from '#core/automation/triggers/form.js';
import { WebhookTriggerInput } from '#core/automation/triggers/webhook.js';
import type { Transaction } from '#db/client.js';
import { automations, automationVersions, connections, listeners } from '#db/schema/index.js';
import { versionOfListener } from '#db/version-joins.js';
import type { Vault } from './vault.js';

export interface ConnectionHook {
  kind: 'connection';
  orgId: string;
  hookKey: string;
  connectionId: string;
  connector: string;
  config: unknown;
  secret: unknown;
}

interface OfAutomation {
  kind: 'automation';
  orgId: string;
  hookKey: string;
  automationId: string;
}

/** The address of an automation with a webhook trigger. `secret`: of its connection; undefined without one. */
export type WebhookHook = OfAutomation & { trigger: 'webhook'; input: WebhookTriggerInput; secret: unknown };
export type FormHook = OfAutomation & { trigger: 'form'; input: FormTriggerInput };
export type MailHook = OfAutomation & { trigger: 'email.received' };

/** What a hook key leads to. */
export type Hook = ConnectionHook | WebhookHook | FormHook | MailHook;

/** The connection or active automation that a key leads to; undefined if there is none. */
export async function readHook(db: Transaction, vault: Vault, hookKey: string): Promise<Hook | undefined> {
  const [connection, automation] = await Promise.all([
    readConnection(db, vault, and(eq(connections.hookKey, hookKey), isInUse)),
    readAutomation(db, hookKey),
  ]);
  if (connection) {
    const { orgId, id, connector, config, secret } = connection;
    return { kind: 'connection', orgId, hookKey, connectionId: id, connector, config, secret };
  }
  if (!automation) return undefined;
  const { orgId, automationId, topic } = automation;
  const base: OfAutomation = { kind: 'automation', orgId, hookKey, automationId };
  if (topic === 'delivery:email.received') return { ...base, trigger: 'email.received' };
  const { input, connection: connectionId } = AutomationTrigger.parse(automation.definedTrigger);
  if (topic === 'delivery:form') return { ...base, trigger: 'form', input: FormTriggerInput.parse(input) };
  if (topic !== 'delivery:webhook') return undefined;
  const holder =
    connectionId === undefined
      ? undefined
      : await readConnection(db, vault, eq(connections.id, connectionId));
  return { ...base, trigger: 'webhook', input: WebhookTriggerInput.parse(input), secret: holder?.secret };
}

/** The organization is not deleted. */
const isInUse = sql`EXISTS (SELECT FROM organizations o WHERE o.id = ${connections.orgId} AND o.erase_at IS NULL)`;

async function readConnection(db: Transaction, vault: Vault, where: SQL | undefined) {
  const [row] = await db
    .select()
    .from(connections)
    .where(and(where, isNull(connections.deletedAt)));
  if (!row) return undefined;
  const { orgId, id, secret } = row;
  return { ...row, secret: secret === null ? undefined : vault.open({ orgId, rowId: id }, secret) };
}

async function readAutomation(db: Transaction, hookKey: string) {
  const [row] = await db
    .select({
      orgId: automations.orgId,
      automationId: automations.id,
      topic: listeners.topic,
      definedTrigger: sql<unknown>`${automationVersions.definition} -> 'trigger'`,
    })
    .from(automations)
    .innerJoin(listeners, eq(listeners.automationId, automations.id))
    .innerJoin(automationVersions, versionOfListener)
    .where(
      and(eq(automations.hookKey, hookKey), eq(automations.status, 'active'), isNull(automations.deletedAt)),
    );
  return row;
}
