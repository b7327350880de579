import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3';
import type { ObjectStorage } from './object-storage.js';

export interface S3Settings {
  endpoint: string;
  region: string;
  bucket: string;
  accessKeyId: string;
  secretAccessKey: string;
}

/** Objects in a bucket of any server that speaks S3 (MinIO, R2, AWS). */
export function createS3Storage({ endpoint, region, bucket, ...credentials }: S3Settings): ObjectStorage {
  const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true, maxAttempts: 3 });

  async function bodyOf(key: string) {
    try {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return Body;
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  }

  return {
    async put(key, content, contentType) {
      await client.send(
        new PutObjectCommand({ Bucket: bucket, Key: key, Body: content, ContentType: contentType }),
      );
    },
    async putFile(key, path, contentType) {
      const { size } = await stat(path);
      await client.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: key,
          Body: createReadStream(path),
          ContentLength: size,
          // Given, so that the stream is sent as it is: not every server takes content in signed chunks.
          ChecksumSHA256: await checksumOf(path),
          ContentType: contentType,
        }),
      );
    },
    get: async (key) => (await bodyOf(key))?.transformToByteArray(),
    async getStream(key) {
      const body = await bodyOf(key);
      return body === undefined || body instanceof Readable
        ? body
        : Readable.from([await body.transformToByteArray()]);
    },
    // A bucket takes objects as a whole.
    async *listUnfinished() {},
    async *list(folder) {
      for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: `${folder}/` })) {
        for (const { Key } of page.Contents ?? []) if (Key !== undefined) yield Key;
      }
    },
    async removeAll(folder) {
      for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: `${folder}/` })) {
        const keys = (page.Contents ?? []).flatMap(({ Key }) => Key ?? []);
        await Promise.all(keys.map((Key) => client.send(new DeleteObjectCommand({ Bucket: bucket, Key }))));
      }
    },
    async remove(key) {
      await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
    },
  };
}

/** SHA-256 in base64, as S3 has it. */
async function checksumOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('base64');
}
