/** What a text tells the model to do. */
export type Order =
  /** To call a tool; without arguments they follow from the sentence. */
  | { kind: 'call'; tool: string; arguments: Record<string, unknown> | undefined; sentence: string }
  /** To bring something to somebody. */
  | { kind: 'send'; what: string; target: string; sentence: string }
  /** To open an address. */
  | { kind: 'open'; url: string; sentence: string }
  /** To do something to something, as `delete`, `task`. */
  | { kind: 'do'; verb: string; noun: string; sentence: string }
  | { kind: 'remember'; what: string }
  /** To have this in the answer. */
  | { kind: 'say'; what: string };
