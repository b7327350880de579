import type { Marks } from '../marks.js';

/** Whose data is exported: that of one person in the organization, or all of the organization. */
export type Subject =
  | { kind: 'organization' }
  | {
      kind: 'person';
      userId: string;
      email: string;
      /** The person has asked for it: what belongs to the account, and no organization may see, is in it too. */
      isOwnWish: boolean;
    };

/** Where a page begins: what the page before has given as `next`. JSON; null at first, and after the last page. */
export type Place = Readonly<Record<string, unknown>> | null;

/** A part of a store: a table, a collection. */
export interface PartOfStore {
  orgId: string;
  part: string;
}

/** Something that no export holds. */
export interface LeftOut {
  what: string;
  reason: string;
}

/** Where data of organizations is kept. Exports and erasures go through all of them, part by part and page by page. */
export interface DataStore {
  name: string;
  /** What is in it; where there is nothing to be done, why. */
  holds: string;
  exportedParts(orgId: string, subject: Subject): Promise<readonly string[]>;
  /** A page of rows, as JSON. */
  read(from: PartOfStore, subject: Subject, after: Place): Promise<{ rows: readonly string[]; next: Place }>;
  leftOut(subject: Subject): readonly LeftOut[];
  erasedParts(orgId: string): Promise<readonly string[]>;
  /** Deletes or masks what is a person's in a page. Doing it again changes nothing. */
  erase(from: PartOfStore, person: ErasedPerson, after: Place): Promise<{ count: number; next: Place }>;
  /** Counts what is left of a person in a page. */
  search(from: PartOfStore, person: ErasedPerson, after: Place): Promise<{ count: number; next: Place }>;
}

export interface ErasedPerson {
  userId: string;
  marks: Marks;
}

/** A store in which there is nothing to export or to erase, for the reason given. */
export function storeWithout(name: string, holds: string): DataStore {
  const nothing = async () => [];
  const end = async () => ({ count: 0, rows: [], next: null });
  return {
    name,
    holds,
    exportedParts: nothing,
    erasedParts: nothing,
    read: end,
    erase: end,
    search: end,
    leftOut: () => [{ what: name, reason: holds }],
  };
}
