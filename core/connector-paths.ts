import type { ConnectorAction } from './connector.js';

/** The paths of apps' actions below /v1: with a connection, and for those that can do without. */
export const connectedPath = '/connections/:connectionId/actions/:action';
export const plainPath = '/actions/:action';

/** Where below /v1 an app's action is served, by POST; with a connection first. */
export function connectorActionPaths({ name, connection }: ConnectorAction): string[] {
  const paths = [
    ...(connection === 'none' ? [] : [connectedPath]),
    ...(connection === 'required' ? [] : [plainPath]),
  ];
  return paths.map((path) => path.replace(':action', name));
}
