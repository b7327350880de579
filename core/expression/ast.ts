import type { ASTNode } from '@marcbachmann/cel-js';

/** The nodes right below a node of an expression's syntax tree. */
export function childrenOf(node: ASTNode): ASTNode[] {
  return nodesIn(node.args);
}

export function isNode(value: unknown): value is ASTNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
}

function nodesIn(args: unknown): ASTNode[] {
  if (isNode(args)) return [args];
  return Array.isArray(args) ? args.flatMap(nodesIn) : [];
}
