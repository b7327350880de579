import type { ErrorIssue } from '#core/errors.js';

/** Adds to an issue the node that its path leads to: `nodes.2.connection` is of the third node. */
export function withNode(definition: unknown, issue: ErrorIssue): ErrorIssue {
  if (issue.node !== undefined) return issue;
  const [part, index] = issue.path.split('.');
  if (part === 'trigger') return { ...issue, node: 'trigger' };
  const node = part === 'nodes' && index !== undefined ? idAt(definition, Number(index)) : undefined;
  return node === undefined ? issue : { ...issue, node };
}

function idAt(definition: unknown, index: number): string | undefined {
  if (typeof definition !== 'object' || definition === null || !('nodes' in definition)) return undefined;
  const node: unknown = Array.isArray(definition.nodes) ? definition.nodes[index] : undefined;
  if (typeof node !== 'object' || node === null || !('id' in node)) return undefined;
  return typeof node.id === 'string' ? node.id : undefined;
}
