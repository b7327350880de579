import type { ASTNode } from '@marcbachmann/cel-js';
import { childrenOf } from './ast.js';

/** Methods of CEL or of cel-js that are left out of the dialect. */
const refused: Readonly<Record<string, string>> = {
  // JavaScript's regular expressions can take exponential time.
  matches: 'matches() is not available; use contains, startsWith',
  // Both need what workflows do not have.
  json: 'json() is not available; use parseJson',
  base64: 'base64() is not available; use base64Encode',
};

/** Why an expression may not be evaluated, if it calls what is left out of the dialect. */
export function refusedCall(node: ASTNode): string | undefined {
  const reason =
    node.op === 'rcall' && Object.hasOwn(refused, node.args[0]) ? refused[node.args[0]] : undefined;
  if (reason) return reason;
  for (const child of childrenOf(node)) {
    const found = refusedCall(child);
    if (found) return found;
  }
  return undefined;
}
