import { connect } from 'node:http2';

/** Status codes of gRPC that are told apart here (grpc/doc/statuscodes.md). */
const ok = 0;
const notFound = 5;

const service = '/temporal.api.workflowservice.v1.WorkflowService';

/**
 * Whether Temporal at `address` (host:port) serves this namespace: the namespace is known, and a question that goes
 * through its history service is answered. Two bare gRPC calls, because the SDK's client is large.
 */
export async function isTemporalReady(address: string, namespace: string): Promise<boolean> {
  const describeNamespace = await callStatus(
    address,
    `${service}/DescribeNamespace`,
    field(1, Buffer.from(namespace)),
  );
  if (describeNamespace !== ok) return false;
  const execution = field(1, Buffer.from('readiness-check'));
  const request = Buffer.concat([field(1, Buffer.from(namespace)), field(2, execution)]);
  return (await callStatus(address, `${service}/DescribeWorkflowExecution`, request)) === notFound;
}

/** A length-delimited protobuf field shorter than 128 bytes. */
function field(number: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(number << 3) | 2, content.length]), content]);
}

/** The grpc-status that one unary call ends with; undefined when there is no answer within 2 s. */
function callStatus(address: string, path: string, message: Buffer): Promise<number | undefined> {
  return new Promise((resolve) => {
    const session = connect(`http://${address}`);
    let status: number | undefined;
    const note = (headers: { 'grpc-status'?: string | string[] | undefined }): void => {
      if (headers['grpc-status'] !== undefined) status = Number(headers['grpc-status']);
    };
    const finish = (): void => {
      clearTimeout(deadline);
      session.destroy();
      resolve(status);
    };
    const deadline = setTimeout(finish, 2_000);
    session.once('error', finish);
    const request = session.request({
      ':method': 'POST',
      ':path': path,
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    request.on('response', note);
    request.on('trailers', note);
    request.once('error', finish);
    request.once('close', finish);
    request.resume();
    const frame = Buffer.alloc(5);
    frame.writeUInt32BE(message.length, 1);
    request.end(Buffer.concat([frame, message]));
  });
}
