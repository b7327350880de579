import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { temporaryFolder } from '#stack/temporary-folder.js';
import { createS3Storage } from './s3-storage.js';

interface StoredObject {
  content: Buffer;
  contentType: string;
}

interface S3Server {
  endpoint: string;
  /** By `bucket/key`. */
  objects: Map<string, StoredObject>;
  requests: string[];
  /** The next requests are answered with this status. */
  failNext(times: number, status: number): void;
  close(): Promise<void>;
}

const accessKeyId = 'AKIATEST';

/**
 * A server that speaks what we need of S3's REST protocol, with buckets in the path: PUT, GET and DELETE of an object,
 * lists of two keys a page, signed requests (https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html,
 * …/API_GetObject.html, …/API_DeleteObject.html, …/API_ListObjectsV2.html).
 */
async function startS3Server(buckets: readonly string[]): Promise<S3Server> {
  const objects = new Map<string, StoredObject>();
  const requests: string[] = [];
  let failures: number[] = [];

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://s3');
    const name = decodeURIComponent(pathname.slice(1));
    requests.push(`${request.method} ${name}`);
    const failure = failures.shift();
    if (failure !== undefined) return fail(response, failure, 'InternalError');
    if (!isSigned(request, body)) return fail(response, 403, 'SignatureDoesNotMatch');
    if (!buckets.includes(name.split('/')[0] ?? '')) return fail(response, 404, 'NoSuchBucket');
    if (request.method === 'PUT') {
      objects.set(name, { content: body, contentType: request.headers['content-type'] ?? '' });
      response.writeHead(200, { etag: '"1"' }).end();
      return;
    }
    if (request.method === 'DELETE') {
      objects.delete(name);
      response.writeHead(204).end();
      return;
    }
    if (searchParams.get('list-type') === '2') return list(response, name.replace(/\/$/, ''), searchParams);
    const found = objects.get(name);
    if (!found) return fail(response, 404, 'NoSuchKey');
    response.writeHead(200, { 'content-type': found.contentType, 'content-length': found.content.length });
    response.end(found.content);
  }

  function list(response: ServerResponse, bucket: string, query: URLSearchParams): void {
    const prefix = `${bucket}/${query.get('prefix') ?? ''}`;
    const after = query.get('continuation-token') ?? '';
    const keys = [...objects.keys()].filter((name) => name.startsWith(prefix) && name > after).sort();
    const page = keys.slice(0, 2);
    const contents = page.map((name) => `<Contents><Key>${name.slice(bucket.length + 1)}</Key></Contents>`);
    const isTruncated = keys.length > page.length;
    const next = isTruncated ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : '';
    response.writeHead(200, { 'content-type': 'application/xml' });
    response.end(
      `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult><IsTruncated>${isTruncated}</IsTruncated>${contents.join('')}${next}</ListBucketResult>`,
    );
  }

  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    objects,
    requests,
    failNext(times, status) {
      failures = Array.from({ length: times }, () => status);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function isSigned({ headers }: IncomingMessage, body: Buffer): boolean {
  const credential = new RegExp(
    `^AWS4-HMAC-SHA256 Credential=${accessKeyId}/\\d{8}/eu-test-1/s3/aws4_request, `,
  );
  const hash = createHash('sha256').update(body);
  // Of a stream the content is not signed, but its checksum is.
  const isWhole =
    headers['x-amz-content-sha256'] === 'UNSIGNED-PAYLOAD'
      ? headers['x-amz-checksum-sha256'] === hash.digest('base64')
      : headers['x-amz-content-sha256'] === hash.digest('hex');
  return credential.test(headers.authorization ?? '') && isWhole;
}

function fail(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(
    `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>No</Message></Error>`,
  );
}

describe('files in a bucket', () => {
  let server: S3Server;
  beforeEach(async () => {
    server = await startS3Server(['files']);
  });
  afterEach(() => server.close());

  function open(bucket = 'files', keyId = accessKeyId) {
    return createS3Storage({
      endpoint: server.endpoint,
      region: 'eu-test-1',
      bucket,
      accessKeyId: keyId,
      secretAccessKey: 'secret',
    });
  }

  it('come back as they were put', async () => {
    const storage = open();
    for (const content of [randomBytes(100_000), Buffer.from('{"a":1}'), Buffer.alloc(0)]) {
      await storage.put('org-1/abc', content, 'application/json');
      assert.deepEqual(Buffer.from((await storage.get('org-1/abc')) ?? 'none'), content);
    }
    assert.equal(server.objects.get('files/org-1/abc')?.contentType, 'application/json');
  });

  it('are stored in the bucket under their key', async () => {
    await open().put('org-1/abc', Buffer.from('x'), 'text/plain');
    assert.deepEqual(server.requests, ['PUT files/org-1/abc']);
  });

  it('are not there until they are put', async () => {
    assert.equal(await open().get('org-1/nothing'), undefined);
  });

  it('can be put from a file, read piece by piece, listed page by page, and deleted', async () => {
    const folder = temporaryFolder();
    const source = join(folder.path, 'source');
    await writeFile(source, 'archive');
    const storage = open();
    await storage.putFile('org-1/exports/archive.zip', source, 'application/zip');
    folder.remove();
    for (const key of ['org-1/a', 'org-1/b', 'org-1/c', 'org-10/d']) {
      await storage.put(key, Buffer.from('x'), 'text/plain');
    }
    const stream = await storage.getStream('org-1/exports/archive.zip');
    assert.equal(stream && (await text(stream)), 'archive');
    assert.equal(await storage.getStream('org-1/nothing'), undefined);
    const keys: string[] = [];
    for await (const key of storage.list('org-1')) keys.push(key);
    assert.deepEqual(keys, ['org-1/a', 'org-1/b', 'org-1/c', 'org-1/exports/archive.zip']);
    for (const key of ['org-1/a', 'org-1/a']) await storage.remove(key);
    assert.equal(await storage.get('org-1/a'), undefined);
  });

  it('are put in spite of a failure that passes', async () => {
    server.failNext(2, 503);
    await open().put('org-1/abc', Buffer.from('x'), 'text/plain');
    assert.equal(server.requests.length, 3);
    assert.equal(server.objects.size, 1);
  });

  it('are all removed with their organization, and no others', async () => {
    const storage = open();
    for (const key of ['org-1/a', 'org-1/b', 'org-1/c', 'org-10/a']) {
      await storage.put(key, Buffer.from('x'), 'text/plain');
    }
    await storage.removeAll('org-1');
    assert.deepEqual([...server.objects.keys()], ['files/org-10/a']);
  });

  it('are an error, and not missing, when the server is out of order, the bucket wrong or the key refused', async () => {
    server.failNext(10, 500);
    await assert.rejects(open().get('org-1/abc'));
    server.failNext(0, 500);
    await assert.rejects(open('other').get('org-1/abc'), { name: 'NoSuchBucket' });
    await assert.rejects(open('files', 'AKIAOTHER').get('org-1/abc'));
    await assert.rejects(open('files', 'AKIAOTHER').put('org-1/abc', Buffer.from('x'), 'text/plain'));
  });
});
