import { z } from 'zod';
import { defineAction } from '#core/action.js';
import type { DomainContext } from '#runtime/domain.js';
import { publishedVersion } from './published-version.js';
import { findVersion, Version } from './version.js';

export const getVersion = defineAction({
  name: 'automations.get_version',
  title: 'Get version',
  description: 'One published version of an automation, with its definition.',
  permission: 'automations:read',
  effect: 'read',
  http: { method: 'get', path: '/automations/:id/versions/:publishedVersion' },
  input: z.strictObject({ id: z.uuid(), publishedVersion }),
  output: Version,
  run: ({ db }: DomainContext, input) => findVersion(db, input.id, input.publishedVersion),
});
