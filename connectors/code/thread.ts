import { parentPort, workerData } from 'node:worker_threads';
import type { Job } from './job.js';
import { runJob } from './run-job.js';

// The entry of a thread: says that it is ready, then answers each job with its outcome.
if (!parentPort) throw new Error('This file runs as a worker thread only');
const port = parentPort;
port.on('message', async (job: Job) => port.postMessage(await runJob(workerData, job)));
port.postMessage('ready');
