/** One node of a definition. */
export type TestNode = { id: string; type: string } & Readonly<Record<string, unknown>>;

/** A node that computes values. */
export function set(id: string, values: object): TestNode {
  return { id, type: 'set', input: { values } };
}

/** A node that makes a task. */
export function createTask(id: string, projectId: string, title: string, more: object = {}): TestNode {
  return { id, type: 'action', action: 'tasks.create', input: { projectId, title }, ...more };
}

/** A node that posts a message. */
export function postMessage(id: string, connection: string, text: string, more: object = {}): TestNode {
  return {
    id,
    type: 'action',
    action: 'slack.post_message',
    connection,
    input: { channel: '#general', text },
    ...more,
  };
}

/** Edges as text: `trigger > a`, `check.true > b`. */
export function edges(...texts: readonly string[]) {
  return texts.map((text) => {
    const [from = '', target = ''] = text.split(' > ');
    const [source = '', sourceHandle] = from.split('.');
    return { source, target, ...(sourceHandle !== undefined && { sourceHandle }) };
  });
}

/** A definition that people start by hand. */
export function manual(nodes: readonly TestNode[], ...between: readonly string[]) {
  return { name: 'Test', trigger: { type: 'manual' }, nodes, edges: edges(...between) };
}
