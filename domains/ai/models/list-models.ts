import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { modelAbilities } from '#core/ai/model.js';
import type { DomainContext } from '#runtime/domain.js';
import { readCursor, writeCursor } from '#runtime/resource/cursor.js';
import { defaultPageSize, maxPageSize, pageOutput } from '#runtime/resource/page.js';
import { ModelEntry, modelName } from './model.js';
import { keyOf, readModels } from './read-models.js';

/** A page of the models that are known, and of those that the organization has entered. */
export const listModels = defineAction({
  name: 'ai_models.list',
  title: 'List language models',
  description:
    'Lists language models with their abilities and prices, and by which connections they can be asked.',
  permission: 'ai_settings:read',
  effect: 'read',
  http: { method: 'get', path: '/ai/models' },
  input: z.strictObject({
    provider: modelName.provider.optional(),
    ability: z.enum(modelAbilities).optional(),
    limit: z.coerce.number().int().min(1).max(maxPageSize).default(defaultPageSize),
    cursor: z.string().optional().describe('nextCursor of the page before'),
  }),
  output: pageOutput(ModelEntry),
  async run(context: DomainContext, { provider, ability, limit, cursor }) {
    const [after = ''] = cursor === undefined ? [] : readCursor(z.tuple([z.string()]), cursor);
    const found = (await readModels(context)).filter(
      (model) =>
        keyOf(model) > after &&
        (provider === undefined || model.provider === provider) &&
        (ability === undefined || model.abilities.includes(ability)),
    );
    const items = found.slice(0, limit);
    const last = found.length > limit ? items.at(-1) : undefined;
    return { items, nextCursor: last ? writeCursor([keyOf(last)]) : null };
  },
});
