/** What the check has found. */
export interface Issue {
  path: string;
  message: string;
  node?: string | undefined;
}

/** An issue's path within its node or the settings: `input.title` of `nodes.3.input.title`. */
export function withoutPlace(path: string): string {
  return path.replace(/^(nodes\.\d+|trigger|settings)\./, '');
}

/** What is wrong, as a sentence of its own. */
export function sentence(message: string): string {
  return message.charAt(0).toUpperCase() + message.slice(1);
}
