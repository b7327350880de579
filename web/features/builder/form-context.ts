import { createContext } from 'react';
import type { Shape } from './expression-scope.js';

/** What every field of a step's form needs to know of the step. */
export interface FormScope {
  /** What expressions can name. */
  shape: Shape;
  /** Values of a test, or those that are pinned: what previews are computed with. */
  data: Readonly<Record<string, unknown>>;
  /** The step's connection to its app: vendors are asked with it what can be chosen. */
  connection: string | undefined;
  /** What the check says of a field, by its path within the step. */
  errorAt(path: string): string | undefined;
}

export const FormScopeContext = createContext<FormScope>({
  shape: {},
  data: {},
  connection: undefined,
  errorAt: () => undefined,
});
