import { parseArgs } from 'node:util';
import { demoModelKey } from './demo-model-key.js';
import { startSimulator } from './start-simulator.js';

/** Serves the demo model on the port that `--port` gives, until it is told to stop. */
const { values } = parseArgs({ options: { port: { type: 'string' } } });
const simulator = await startSimulator({ port: Number(values.port ?? 0), key: demoModelKey });
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void simulator.close());
