import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

const Ask = z.object({
  KeyId: z.string(),
  Plaintext: z.string().optional(),
  CiphertextBlob: z.string().optional(),
  EncryptionContext: z.record(z.string(), z.string()),
});

/** A local server that speaks AWS KMS's JSON protocol: `TrentService.Encrypt` and `TrentService.Decrypt` of one key. */
export async function startKmsServer(keyId: string) {
  const key = randomBytes(32);
  const calls: string[] = [];
  const server = createServer(async (request, response) => {
    const target = String(request.headers['x-amz-target']);
    calls.push(target);
    const ask = Ask.parse(JSON.parse(await bodyOf(request)));
    const associated = Buffer.from(JSON.stringify(ask.EncryptionContext));
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    const isSigned = request.headers.authorization?.startsWith('AWS4-HMAC-SHA256 ') ?? false;
    if (!isSigned || ask.KeyId !== keyId) return void fail('NotFoundException');
    try {
      const answer =
        target === 'TrentService.Encrypt'
          ? { KeyId: keyId, CiphertextBlob: seal(key, ask.Plaintext ?? '', associated) }
          : { KeyId: keyId, Plaintext: open(key, ask.CiphertextBlob ?? '', associated) };
      response.end(JSON.stringify(answer));
    } catch {
      fail('InvalidCiphertextException');
    }
    function fail(type: string) {
      response.writeHead(400).end(JSON.stringify({ __type: type }));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

function seal(key: Buffer, plain: string, associated: Buffer): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(associated);
  const sealed = Buffer.concat([cipher.update(Buffer.from(plain, 'base64')), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64');
}

function open(key: Buffer, sealed: string, associated: Buffer): string {
  const bytes = Buffer.from(sealed, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12)).setAAD(associated);
  decipher.setAuthTag(bytes.subarray(12, 28));
  return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('base64');
}
