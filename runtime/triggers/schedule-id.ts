/** Id of an automation's schedule in the engine, and the beginning of the ids of its workflows. Led by the organization. */
export function scheduleId(orgId: string, automationId: string): string {
  return `org/${orgId}/schedules/${automationId}`;
}
