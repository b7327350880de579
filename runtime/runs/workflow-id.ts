/** Id of the workflow that carries a run, or a group of runs that begins with this one. Led by the organization. */
export function runWorkflowId(orgId: string, firstRunId: string, attempt = 1): string {
  return `org/${orgId}/runs/${firstRunId}${attempt === 1 ? '' : `/${attempt}`}`;
}
