import express, { type RequestHandler } from 'express';
import { AppError } from '#core/errors.js';
import { checkJson } from './check-json.js';
import { mediaTypeOf } from './media-type.js';

/** Bytes of a JSON body. */
export const maxJsonBodySize = 1024 * 1024;

/**
 * Reads JSON bodies of up to 1 MiB into `request.body`. Throws `unsupported_media_type` for anything but
 * `application/json`, `payload_too_large`, and `malformed` for broken or too deeply nested JSON.
 */
export const readJsonBody: RequestHandler[] = [
  (request, _response, next) => {
    const hasBody =
      request.headers['transfer-encoding'] !== undefined || Number(request.get('content-length')) > 0;
    if (hasBody && mediaTypeOf(request) !== 'application/json') {
      throw new AppError('unsupported_media_type', 'Send the body as application/json');
    }
    next();
  },
  express.json({ limit: maxJsonBodySize, type: () => true }),
  (request, _response, next) => {
    checkJson(request.body);
    next();
  },
];
