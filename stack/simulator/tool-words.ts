import type { OfferedTool } from './conversation.js';
import { stemsOf } from './embed.js';

/** A tool's name without what separates its words, so that `tasks.create` is `tasks_create`. */
export function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}

/** The offered tool that is meant by a name, however its words are separated. */
export function namedTool(tools: readonly OfferedTool[], name: string): OfferedTool | undefined {
  return tools.find((tool) => plainName(tool.name) === plainName(name));
}

/** The stemmed words of a tool's name. */
export function nameWords({ name }: OfferedTool): string[] {
  return stemsOf(name.replaceAll(/[_.-]|(?<=[a-z])(?=[A-Z])/g, ' '));
}

/**
 * The tool whose name has most of these words, at least one from each group; of equal ones the first with the shortest
 * name. Undefined when none has.
 */
export function toolByWords(
  tools: readonly OfferedTool[],
  groups: readonly string[][],
): OfferedTool | undefined {
  const stemmed = groups.map((words) => words.flatMap(stemsOf));
  const fitting = tools.filter((tool) => {
    const words = nameWords(tool);
    return stemmed.every((group) => group.some((word) => words.includes(word)));
  });
  return fitting.sort((one, other) => nameWords(one).length - nameWords(other).length)[0];
}
