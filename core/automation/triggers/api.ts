import type { TriggerDescription } from '../../catalogue.js';
import { givenInput } from './given-input.js';

/** Callers of the API start it; what they give is what `trigger` holds. */
export const api: TriggerDescription = { name: 'api', title: 'Called over the API', ...givenInput };
