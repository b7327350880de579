import type { ASTNode } from '@marcbachmann/cel-js';
import { childrenOf, isNode } from './ast.js';

/** A way into a value: `['issue', 'title']`; an empty one is the whole value. */
export type ValuePath = readonly string[];

/**
 * The paths that an expression reads, each from its root name: `steps.task.output.id` gives
 * `['steps', 'task', 'output', 'id']`. A path ends where the rest is computed: at a call, an index, a macro.
 */
export function readPaths(ast: ASTNode): string[][] {
  const path = pathOf(ast);
  if (path) return [path];
  return childrenOf(ast).flatMap(readPaths);
}

/** The part of a JSON value that lies on the given paths; the whole value if one of them is empty. */
export function project(value: unknown, paths: readonly ValuePath[]): unknown {
  if (paths.some((path) => path.length === 0)) return value;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const byHead = new Map<string, ValuePath[]>();
  for (const [head = '', ...rest] of paths) byHead.set(head, [...(byHead.get(head) ?? []), rest]);
  const kept = Object.entries(value).filter(([key]) => byHead.has(key));
  return Object.fromEntries(kept.map(([key, entry]) => [key, project(entry, byHead.get(key) ?? [])]));
}

/** The path that an expression is, if it is nothing else; undefined where something is computed. */
export function pathOf(node: ASTNode): string[] | undefined {
  if (node.op === 'id') return [node.args];
  if (node.op === '.' || node.op === '.?') {
    const [object, field] = node.args;
    const head = pathOf(object);
    return head && [...head, String(literal(field) ?? field)];
  }
  if (node.op === '[]' || node.op === '[?]') {
    const [object, index] = node.args;
    const head = pathOf(object);
    const key = literal(index);
    return head && typeof key === 'string' ? [...head, key] : undefined;
  }
  return undefined;
}

function literal(node: unknown): unknown {
  return isNode(node) && node.op === 'value' ? node.args : undefined;
}
