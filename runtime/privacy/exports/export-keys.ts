import type { ExportReference } from '#core/privacy.js';

/** Where the pieces of an export and its archive are in the object store. */
export function exportFolder({ orgId, exportId }: ExportReference): string {
  return `${orgId}/exports/${exportId}`;
}

/** The archive of a finished export. */
export function archiveKey(reference: ExportReference): string {
  return `${exportFolder(reference)}/archive.zip`;
}

/** One piece of a part, until the archive is made. */
export function pieceKey(reference: ExportReference, store: string, part: string, number: number): string {
  return `${exportFolder(reference)}/pieces/${store}.${encodeURIComponent(part)}.${number}`;
}
