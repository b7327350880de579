import { z } from 'zod';
import { defineConnector } from '#core/connector.js';
import { runCode } from './run-code.js';

export const code = defineConnector({
  name: 'code',
  title: 'Code',
  description: 'JavaScript of your own, in a sandbox without network, files or secrets.',
  config: z.object({}),
  auth: { kind: 'none' },
  actions: [runCode],
  triggers: [],
  async test() {
    return { account: 'JavaScript' };
  },
});
