import type { TriggerDescription } from '../../catalogue.js';
import { givenInput } from './given-input.js';

/** People start it, or another automation; what they give is what `trigger` holds. */
export const manual: TriggerDescription = { name: 'manual', title: 'Started by hand', ...givenInput };
