import { workflowBundle } from './bundle.js';

await workflowBundle();
