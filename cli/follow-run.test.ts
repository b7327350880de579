import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { createApi } from './api.js';
import { CliError } from './cli-error.js';
import { followRun } from './follow-run.js';

const id = '0198c0de-0000-7000-8000-00000000000a';
const runThatIs = (status: string) => ({
  id,
  status,
  automationVersion: 1,
  error: null,
  createdAt: '2026-01-01T00:00:00Z',
  finishedAt: null,
  steps: [],
});

type Answer = (response: ServerResponse) => void;

const stream = (response: ServerResponse, ...events: [event: string, data: unknown][]) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const [event, data] of events) response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
};
const problem =
  (status: number, detail: string): Answer =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/problem+json' });
    response.end(JSON.stringify({ status, detail }));
  };
const breaksOff: Answer = (response) => {
  stream(response, ['run', runThatIs('running')]);
  setImmediate(() => response.destroy());
};
const ends: Answer = (response) => {
  stream(response, ['run', runThatIs('succeeded')], ['end', { status: 'succeeded' }]);
  response.end();
};

describe('following a run', () => {
  let server: Server;
  let answers: Answer[];
  let calls: number;

  beforeEach(async () => {
    calls = 0;
    server = createServer((_request, response) => {
      calls += 1;
      answers.shift()?.(response);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  function follow(given: Answer[], timeoutMs?: number) {
    answers = given;
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    const seen: string[] = [];
    const ended = followRun(createApi({ url, apiKey: 'wsk_test' }), id, {
      timeoutMs,
      onChange: ({ status }) => seen.push(status),
    });
    return { ended, seen };
  }

  it('goes on after a broken connection and a system that is not ready', async () => {
    const { ended, seen } = follow([breaksOff, problem(502, 'It is about to stop'), ends]);
    assert.equal((await ended).status, 'succeeded');
    assert.deepEqual([seen, calls], [['running', 'succeeded'], 3]);
  });

  it('ends at once when the run may not be seen', async () => {
    const { ended } = follow([problem(403, 'runs.get needs the permission runs:read')]);
    await assert.rejects(ended, new CliError('runs.get needs the permission runs:read.'));
    assert.equal(calls, 1);
  });

  it('ends when the time is up, and says what the run was at', async () => {
    const { ended } = follow([(response) => stream(response, ['run', runThatIs('waiting')])], 300);
    await assert.rejects(ended, /did not end within 0\.3 s: it is waiting, and goes on/);
  });

  it('ends when the stream says that the right is gone', async () => {
    const { ended } = follow([
      (response) => stream(response, ['error', { detail: 'The API key is not valid' }]),
    ]);
    await assert.rejects(ended, /can't be followed: The API key is not valid/);
  });
});
