import { fileTypeFromBuffer, supportedMimeTypes } from 'file-type';

const unknownType = 'application/octet-stream';

/** Names under which browsers and mail programs send what has another name by rights. */
const otherNames: Readonly<Record<string, string>> = {
  'image/jpg': 'image/jpeg',
  'image/pjpeg': 'image/jpeg',
  'image/x-png': 'image/png',
  'image/vnd.microsoft.icon': 'image/x-icon',
  'audio/mp3': 'audio/mpeg',
  'audio/x-wav': 'audio/wav',
  'audio/x-m4a': 'audio/mp4',
  'application/x-zip-compressed': 'application/zip',
  'application/x-gzip': 'application/gzip',
  'application/x-pdf': 'application/pdf',
  'text/xml': 'application/xml',
};

/**
 * The media type of a file as its sender says it, where the content bears it out, else `application/octet-stream`: what
 * is no picture is not kept as one. Of text nothing can be told but that it is not something else.
 */
export async function trueMediaType(claimed: string, content: Buffer): Promise<string> {
  const wanted = canonical(claimed);
  const found = await fileTypeFromBuffer(content).catch(() => undefined);
  if (found) return isSame(wanted, canonical(found.mime)) ? claimed : unknownType;
  return isTold(wanted) ? unknownType : claimed;
}

function canonical(type: string): string {
  return otherNames[type] ?? type;
}

/** Every `…+xml` begins as XML does; a format of many files in one is told apart only where the library knows it. */
function isSame(claimed: string, found: string): boolean {
  if (claimed === found) return true;
  return found === 'application/xml' && claimed.endsWith('+xml');
}

/** Types whose files begin with bytes of their own. */
const toldTypes: ReadonlySet<string> = new Set([...supportedMimeTypes].map(canonical));

function isTold(type: string): boolean {
  const isMarkup = type === 'application/xml' || type.startsWith('text/');
  return (
    !isMarkup && (toldTypes.has(type) || /^(image|audio|video)\//.test(type) || type === 'application/zip')
  );
}
