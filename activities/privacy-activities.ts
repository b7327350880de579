import { Context } from '@temporalio/activity';
import { AppError } from '#core/errors.js';
import type { ExportedPart, ExportProgress, ExportReference } from '#core/privacy.js';
import { assembleArchive } from '#runtime/privacy/exports/assemble-archive.js';
import { beginExport, failExport, writePiece } from '#runtime/privacy/exports/write-export.js';
import type { Services } from '#runtime/services.js';
import { toFailure } from './failure.js';

export interface PrivacyActivities {
  /** Says what an export will hold. */
  beginExport(reference: ExportReference): Promise<ExportProgress>;
  /** Writes the next piece of it. */
  writePiece(reference: ExportReference, progress: ExportProgress): Promise<ExportProgress>;
  /** Makes the archive of all pieces. */
  assembleArchive(reference: ExportReference, parts: readonly ExportedPart[]): Promise<void>;
  /** Gives an export up. */
  failExport(reference: ExportReference): Promise<void>;
}

/** The activities of the workflows that export what is kept, and erase people from it. */
export function createPrivacyActivities(services: Services): PrivacyActivities {
  return {
    beginExport: (reference) => beginExport(services, reference).catch(asFailure),
    writePiece: (reference, progress) => writePiece(services, reference, progress).catch(asFailure),
    assembleArchive: (reference, parts) =>
      assembleArchive(services, reference, parts, 7, beat).catch(asFailure),
    failExport: (reference) =>
      failExport(services, reference, new AppError('internal', 'The export failed')).catch(asFailure),
  };
}

function beat(): void {
  const context = Context.current();
  context.heartbeat();
  context.cancellationSignal.throwIfAborted();
}

/** What was refused stays refused; everything else is an outage of our own, and tried until it is over. */
function asFailure(error: unknown): never {
  throw toFailure(error, error instanceof AppError && !error.isRetryable);
}
