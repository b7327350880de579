import { Context } from '@temporalio/activity';
import { AppError } from '#core/errors.js';
import type {
  ErasureCounts,
  ErasurePart,
  ErasurePlace,
  ErasureReference,
  ExportedPart,
  ExportProgress,
  ExportReference,
} from '#core/privacy.js';
import type { Logger } from '#runtime/logger.js';
import { beginErasure } from '#runtime/privacy/erasures/begin-erasure.js';
import {
  endRound,
  erasePortion,
  type PortionDone,
  searchPortion,
} from '#runtime/privacy/erasures/go-through.js';
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
  /** Takes a person out of the organization and says what is to be gone through; null: nothing. */
  beginErasure(reference: ErasureReference): Promise<readonly ErasurePart[] | null>;
  /** Erases the person from a portion of a part. */
  erasePortion(reference: ErasureReference, part: ErasurePart, after: ErasurePlace): Promise<PortionDone>;
  /** Counts what is left in a portion of a part. */
  searchPortion(reference: ErasureReference, part: ErasurePart, after: ErasurePlace): Promise<PortionDone>;
  /** Notes what came of it. True if nothing is left. */
  endRound(reference: ErasureReference, leftovers: ErasureCounts, isLast: boolean): Promise<boolean>;
}

/** The activities of the workflows that export what is kept, and erase people from it. */
export function createPrivacyActivities(services: Services): PrivacyActivities {
  const asFailure = (error: unknown) => fail(services.logger, error);
  return {
    beginExport: (reference) => beginExport(services, reference).catch(asFailure),
    writePiece: (reference, progress) => writePiece(services, reference, progress).catch(asFailure),
    assembleArchive: (reference, parts) => assembleArchive(services, reference, parts, beat).catch(asFailure),
    failExport: (reference) =>
      failExport(services, reference, new AppError('internal', 'The export failed')).catch(asFailure),
    beginErasure: (reference) => beginErasure(services, reference).catch(asFailure),
    erasePortion: (reference, part, after) =>
      erasePortion(services, reference, part, after, beat).catch(asFailure),
    searchPortion: (reference, part, after) =>
      searchPortion(services, reference, part, after, beat).catch(asFailure),
    endRound: (reference, leftovers, isLast) =>
      endRound(services, reference, leftovers, isLast).catch(asFailure),
  };
}

function beat(): void {
  const context = Context.current();
  context.heartbeat();
  context.cancellationSignal.throwIfAborted();
}

/** What was refused stays refused; everything else is an outage of our own, and tried until it is over. */
function fail(logger: Logger, error: unknown): never {
  if (!(error instanceof AppError)) logger.error({ err: error }, 'A part of an export or erasure failed');
  throw toFailure(error, error instanceof AppError && !error.isRetryable);
}
