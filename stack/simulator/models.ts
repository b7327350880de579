import { ModelError } from './model-error.js';

export type Persona = 'demo' | 'gullible' | 'looping' | 'scripted';

export interface KnownModel {
  persona: Persona;
  /** What follows the colon of the name: the script, or the tools to loop over. */
  detail: string;
}

export interface ListedModel {
  id: string;
  title: string;
}

/** Tokens of context and answer together. */
export const contextTokens = 128_000;
export const embeddingModelName = 'demo-embedding';
/** Of all models: the moment of the first release, so that lists stay the same. */
export const modelsCreatedAt = '2026-01-01T00:00:00Z';

const personas: Record<Persona, string> = {
  demo: 'Demo model',
  gullible: 'Gullible model',
  looping: 'Looping model',
  scripted: 'Scripted model',
};

/** Reads a model's name: a persona, and after a colon what it works with. Throws ModelError `model_not_found`. */
export function findModel(name: string): KnownModel {
  const at = name.indexOf(':');
  const persona = at < 0 ? name : name.slice(0, at);
  const detail = at < 0 ? '' : name.slice(at + 1);
  if (isPersona(persona) && (persona !== 'scripted' || detail !== '')) return { persona, detail };
  throw modelNotFound(name);
}

export function modelNotFound(name: string): ModelError {
  return new ModelError(
    'model_not_found',
    `The model '${name}' does not exist or you do not have access to it.`,
  );
}

/** The models that a list shows: personas, each script, and the one for vectors. */
export function listModels(scripts: Iterable<string>, isForTests: boolean): ListedModel[] {
  const shown: ListedModel[] = [{ id: 'demo', title: personas.demo }];
  if (isForTests) {
    shown.push({ id: 'gullible', title: personas.gullible }, { id: 'looping', title: personas.looping });
    for (const name of scripts) shown.push({ id: `scripted:${name}`, title: `Script ${name}` });
  }
  return [...shown, { id: embeddingModelName, title: 'Demo embeddings' }];
}

function isPersona(name: string): name is Persona {
  return Object.hasOwn(personas, name);
}
