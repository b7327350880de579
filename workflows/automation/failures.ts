import { ActivityFailure, ApplicationFailure, TimeoutFailure } from '@temporalio/workflow';
import { AppError, type ErrorRecord, errorTable, isErrorCode, toErrorRecord } from '#core/errors.js';

/** A step failed for good, and the automation does not go on from it. */
export class StepFailure extends Error {
  override readonly name = 'StepFailure';

  constructor(
    readonly nodeId: string | undefined,
    readonly record: ErrorRecord,
  ) {
    super(record.message);
  }
}

/** What went wrong in a step, in the form that runs keep. */
export function stepError(error: unknown): ErrorRecord {
  if (error instanceof StepFailure) return error.record;
  if (error instanceof AppError) return toErrorRecord(error);
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof TimeoutFailure) return { code: 'provider_unavailable', message: 'It took too long' };
  if (!(cause instanceof ApplicationFailure)) return { code: 'internal', message: errorTable.internal.title };
  const code = isErrorCode(cause.type ?? '') ? (cause.type as ErrorRecord['code']) : 'internal';
  const [issues] = (cause.details ?? []) as [ErrorRecord['issues']?];
  const message = code === 'internal' ? errorTable.internal.title : cause.message;
  return issues && issues.length > 0 ? { code, message, issues } : { code, message };
}
