/** The JSON object that begins at this place of a text; undefined when there is none. */
export function objectAt(text: string, start: number): Record<string, unknown> | undefined {
  let depth = 0;
  let isText = false;
  for (let at = start; at < text.length; at += 1) {
    const letter = text[at];
    if (letter === '\\') at += 1;
    else if (letter === '"') isText = !isText;
    else if (!isText && letter === '{') depth += 1;
    else if (!isText && letter === '}') depth -= 1;
    if (depth === 0) return parsedObject(text.slice(start, at + 1));
  }
  return undefined;
}

/** Quotes may be escaped once too often, or be single ones. */
function parsedObject(json: string): Record<string, unknown> | undefined {
  for (const one of [json, json.replaceAll('\\"', '"'), json.replaceAll("'", '"')]) {
    try {
      const value: unknown = JSON.parse(one);
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
    } catch {}
  }
  return undefined;
}
