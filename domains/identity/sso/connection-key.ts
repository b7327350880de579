const keyPattern = /^[0-9a-f]{64}$/;

/** Names a connection before any organization is known: 32 hex digits of the organization's id, then 32 of its own. */
export function connectionKey(orgId: string, connectionId: string): string {
  return `${orgId}${connectionId}`.replaceAll('-', '');
}

/** The ids in a key, or undefined where it has not the form of one. */
export function parseConnectionKey(key: string): { orgId: string; connectionId: string } | undefined {
  if (!keyPattern.test(key)) return undefined;
  return { orgId: uuidOf(key.slice(0, 32)), connectionId: uuidOf(key.slice(32)) };
}

function uuidOf(hex: string): string {
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
