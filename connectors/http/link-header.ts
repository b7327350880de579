/**
 * The target of the link with relation `next` in a `Link` header, as it is written there; undefined without one.
 * RFC 8288, 3: `<target>; rel="next prev"; title="a, b", <other>; rel=last`.
 */
export function nextLink(header: string | null): string | undefined {
  for (const { target, parameters } of readLinks(header ?? '')) {
    const relation = parameters.find(([name]) => name === 'rel')?.[1];
    if (relation?.toLowerCase().split(/\s+/).includes('next')) return target;
  }
  return undefined;
}

interface Link {
  target: string;
  /** In order: of two with one name, the first counts. */
  parameters: [name: string, value: string][];
}

function readLinks(header: string): Link[] {
  const links: Link[] = [];
  const targetPattern = /[\s,]*<([^>]*)>/y;
  const parameterPattern = /\s*;\s*([^\s=;,"]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*)))?/y;
  let position = 0;
  for (;;) {
    targetPattern.lastIndex = position;
    const target = targetPattern.exec(header);
    if (!target) return links;
    position = targetPattern.lastIndex;
    const link: Link = { target: target[1] ?? '', parameters: [] };
    for (;;) {
      parameterPattern.lastIndex = position;
      const parameter = parameterPattern.exec(header);
      if (!parameter) break;
      position = parameterPattern.lastIndex;
      const [, name = '', quoted, bare = ''] = parameter;
      link.parameters.push([name.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? bare]);
    }
    links.push(link);
  }
}
