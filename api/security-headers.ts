import type { RequestHandler } from 'express';
import helmet from 'helmet';

/** Nothing runs, nothing is asked for, nothing frames; our own styles and pictures. */
const strictPolicy: Readonly<Record<string, string>> = {
  'default-src': "'none'",
  'style-src': "'self'",
  'img-src': "'self' data:",
  'form-action': "'self'",
  'base-uri': "'none'",
  'frame-ancestors': "'none'",
};

/** What no page of ours uses: a script that gets in finds it closed. */
const closedFeatures = [
  'accelerometer',
  'browsing-topics',
  'camera',
  'display-capture',
  'geolocation',
  'gyroscope',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'usb',
];
const permissionsPolicy = closedFeatures.map((feature) => `${feature}=()`).join(', ');

/** A content security policy: the strict one that every answer has, with directives of a page's own. */
export function contentPolicy(own: Readonly<Record<string, string>> = {}): string {
  return Object.entries({ ...strictPolicy, ...own })
    .map(([name, sources]) => `${name} ${sources}`)
    .join('; ');
}

/**
 * The headers by which browsers guard what we answer, on every answer: `contentPolicy()`, nosniff, no frames, no
 * referrer, an origin of its own (COOP, CORP), no features. A year of TLS only where the public address is https.
 */
export function securityHeaders(isHttps: boolean): RequestHandler[] {
  const policy = contentPolicy();
  return [
    helmet({
      strictTransportSecurity: isHttps,
      contentSecurityPolicy: false,
      frameguard: { action: 'deny' },
      referrerPolicy: { policy: 'no-referrer' },
    }),
    (_request, response, next) => {
      response.setHeader('Content-Security-Policy', policy);
      response.setHeader('Permissions-Policy', permissionsPolicy);
      next();
    },
  ];
}
