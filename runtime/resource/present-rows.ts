import { z } from 'zod';
import type { DomainAction } from '#core/action.js';
import type { Actor } from '../caller.js';
import type { DomainContext } from '../domain.js';
import type { Services } from '../services.js';
import { pageOutput } from './page.js';

/**
 * Lets the actions of a resource show more than its columns: `present` is applied to each row that they return, and
 * `output` becomes the schema of what comes out. Actions that return neither a row nor a page stay as they are.
 */
export function presentRows<Row extends z.ZodObject, Shown extends z.ZodObject>(
  actions: readonly DomainAction<DomainContext>[],
  {
    row,
    output,
    present,
  }: {
    row: Row;
    output: Shown;
    present(row: z.output<Row>, services: Services, actor: Actor): z.input<Shown>;
  },
): DomainAction<DomainContext>[] {
  const Page = pageOutput(row);
  return actions.map((action) => {
    const isPage = 'items' in (action.output instanceof z.ZodObject ? action.output.shape : {});
    if (!isPage && action.output !== row) return action;
    return {
      ...action,
      output: isPage ? pageOutput(output) : output,
      async run(context, input) {
        const result = await action.run(context, input);
        if (!isPage) return present(row.parse(result), context.services, context.actor);
        const page = Page.parse(result);
        return { ...page, items: page.items.map((entry) => present(entry, context.services, context.actor)) };
      },
    };
  });
}
