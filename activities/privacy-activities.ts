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
import { whileBeating } from './while-beating.js';

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
  const beating = <Result>(work: (goOn: () => void) => Promise<Result>) =>
    whileBeating(work).catch((error: unknown) => fail(services.logger, error));
  return {
    beginExport: (reference) => beating(() => beginExport(services, reference)),
    writePiece: (reference, progress) => beating(() => writePiece(services, reference, progress)),
    assembleArchive: (reference, parts) =>
      beating((goOn) => assembleArchive(services, reference, parts, goOn)),
    failExport: (reference) =>
      beating(() => failExport(services, reference, new AppError('internal', 'The export failed'))),
    beginErasure: (reference) => beating(() => beginErasure(services, reference)),
    erasePortion: (reference, part, after) =>
      beating((goOn) => erasePortion(services, reference, part, after, goOn)),
    searchPortion: (reference, part, after) =>
      beating((goOn) => searchPortion(services, reference, part, after, goOn)),
    endRound: (reference, leftovers, isLast) =>
      beating(() => endRound(services, reference, leftovers, isLast)),
  };
}

/** What was refused stays refused; everything else is an outage of our own, and tried until it is over. */
function fail(logger: Logger, error: unknown): never {
  if (!(error instanceof AppError)) logger.error({ err: error }, 'A part of an export or erasure failed');
  throw toFailure(error, error instanceof AppError && !error.isRetryable);
}
