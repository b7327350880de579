import type { QuotaState } from './quotas.js';

/** Every error code, with the HTTP status it answers with and whether trying again can help. */
export const errorTable = {
  malformed: { status: 400, retryable: false, title: 'The request could not be read' },
  unauthenticated: { status: 401, retryable: false, title: 'Sign in or send a valid credential' },
  budget_exceeded: { status: 402, retryable: false, title: 'The budget is used up' },
  forbidden: { status: 403, retryable: false, title: 'You may not do this' },
  step_up_required: { status: 403, retryable: false, title: 'Confirm first that it is you' },
  approval_required: { status: 403, retryable: false, title: 'Someone has to approve this first' },
  organization_suspended: { status: 403, retryable: true, title: 'Your organization is suspended' },
  module_off: { status: 404, retryable: false, title: 'This is switched off in your organization' },
  not_found: { status: 404, retryable: false, title: 'Not found' },
  method_not_allowed: { status: 405, retryable: false, title: 'This method is not accepted here' },
  conflict: { status: 409, retryable: false, title: 'It conflicts with the present state' },
  payload_too_large: { status: 413, retryable: false, title: 'The request is too large' },
  unsupported_media_type: { status: 415, retryable: false, title: 'This content type is not accepted' },
  code_failed: { status: 422, retryable: false, title: 'The code of a step failed' },
  validation: { status: 422, retryable: false, title: 'Some input is not valid' },
  credentials_expired: { status: 424, retryable: false, title: 'The connection must be authorized again' },
  limit_exceeded: { status: 429, retryable: true, title: 'Too many requests' },
  internal: { status: 500, retryable: true, title: 'Something went wrong on our side' },
  run_failed: { status: 502, retryable: false, title: 'The automation failed' },
  provider_unavailable: { status: 502, retryable: true, title: 'The other service did not answer' },
  run_unfinished: { status: 504, retryable: false, title: 'The automation has not answered in time' },
} as const;

export type ErrorCode = keyof typeof errorTable;

/** One thing that is wrong with an input: where, and what. */
export interface ErrorIssue {
  /** Dotted path of the field, such as `nodes.2.input.title`. */
  path: string;
  message: string;
  /** In an automation: the node that the issue belongs to. */
  node?: string;
}

/** What a row that somebody else changed is at now, so that a client can say who was faster. */
export interface CurrentVersion {
  version: number;
  /** ISO 8601. */
  updatedAt: string;
  /** Absent where it is not recorded who changes rows. */
  updatedBy?: { id: string; name: string };
}

export interface AppErrorDetails {
  issues?: readonly ErrorIssue[];
  /** In a `conflict` with a version that is no longer the present one. */
  current?: CurrentVersion;
  /** In a `limit_exceeded` by a quota: which, and how it stands. */
  quota?: QuotaState;
  /** For retryable errors: how long to wait at least, in milliseconds. */
  retryAfterMs?: number;
  cause?: unknown;
}

/** The one error class. The code decides HTTP status and retry; the message is safe to show to the caller. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly issues: readonly ErrorIssue[];
  readonly current: CurrentVersion | undefined;
  readonly quota: QuotaState | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, message: string, details: AppErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.issues = details.issues ?? [];
    this.current = details.current;
    this.quota = details.quota;
    this.retryAfterMs = details.retryAfterMs;
  }

  get status(): number {
    return errorTable[this.code].status;
  }

  get isRetryable(): boolean {
    return errorTable[this.code].retryable;
  }
}

/** `validation` of one field, or of another place that a caller gave. */
export function invalidField(issue: ErrorIssue): AppError {
  return new AppError('validation', `${issue.path}: ${issue.message}`, { issues: [issue] });
}

/** The form in which runs and steps keep an error, and in which it crosses process borders. */
export interface ErrorRecord {
  code: ErrorCode;
  message: string;
  issues?: readonly ErrorIssue[];
}

/** Any thrown value as a record. What is not an AppError becomes `internal` without its message, which may hold secrets. */
export function toErrorRecord(error: unknown): ErrorRecord {
  if (!(error instanceof AppError)) return { code: 'internal', message: errorTable.internal.title };
  const { code, message, issues } = error;
  return issues.length > 0 ? { code, message, issues } : { code, message };
}

/** True for a string that names an error code. */
export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(errorTable, text);
}
