import type { Transaction } from '#db/client.js';
import { organizations } from '#db/schema/index.js';
import { defaultAlertKinds } from './security-kinds.js';

/** How an organization watches over itself. */
export interface ComplianceSettings {
  /** Kinds of security events that are told by mail. */
  alertKinds: readonly string[];
  /** Who is told; nobody named: the owners. */
  alertUserIds: readonly string[];
  alertsPerHour: number;
}

const defaults: ComplianceSettings = {
  alertKinds: defaultAlertKinds,
  alertUserIds: [],
  alertsPerHour: 10,
};

/** The settings of the transaction's organization, or the defaults. */
export async function readComplianceSettings(db: Transaction): Promise<ComplianceSettings> {
  const { alertKinds, alertUserIds, alertsPerHour } = organizations;
  const [chosen] = await db.select({ alertKinds, alertUserIds, alertsPerHour }).from(organizations);
  return {
    alertKinds: chosen?.alertKinds ?? defaults.alertKinds,
    alertUserIds: chosen?.alertUserIds ?? defaults.alertUserIds,
    alertsPerHour: chosen?.alertsPerHour ?? defaults.alertsPerHour,
  };
}
