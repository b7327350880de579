import { createSocket } from 'node:dgram';
import { once } from 'node:events';

export interface TxtNameServer {
  /** As OUTGOING_NAME_SERVERS. */
  address: string;
  /** By name, lower case. */
  texts: Map<string, string>;
  /** Keeps answers back until the returned function is called. */
  hold(): () => void;
  /** Resolves when so many questions wait for their answers. */
  asked(count: number): Promise<void>;
  /** How many questions there were. */
  count(): number;
  close(): void;
}

/** A name server (RFC 1035) with one TXT record for each name that it is given, and no other name. */
export async function startTxtNameServer(): Promise<TxtNameServer> {
  const texts = new Map<string, string>();
  const socket = createSocket('udp4');
  const waiting: (() => void)[] = [];
  let isHeld = false;
  let count = 0;
  socket.on('message', (query, { port, address }) => {
    const answer = () => socket.send(answerTo(query, texts), port, address);
    count += 1;
    if (isHeld) waiting.push(answer);
    else answer();
    socket.emit('asked');
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    texts,
    hold() {
      isHeld = true;
      return () => {
        isHeld = false;
        for (const answer of waiting.splice(0)) answer();
      };
    },
    async asked(wanted) {
      while (waiting.length < wanted) await once(socket, 'asked');
    },
    count: () => count,
    close: () => socket.close(),
  };
}

function answerTo(query: Buffer, texts: ReadonlyMap<string, string>): Buffer {
  const endOfName = query.indexOf(0, 12);
  const question = query.subarray(12, endOfName + 5);
  const text = texts.get(nameIn(query.subarray(12, endOfName)));
  const [code, count] = text === undefined ? [0x83, 0] : [0x80, 1];
  const header = Buffer.from([...query.subarray(0, 2), 0x81, code, 0, 1, 0, count, 0, 0, 0, 0]);
  if (text === undefined) return Buffer.concat([header, question]);
  // A text of more than one part, as long records have.
  const parts = [text.slice(0, 10), text.slice(10)].flatMap((part) => [part.length, ...Buffer.from(part)]);
  const record = Buffer.from([0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 0, 0, parts.length, ...parts]);
  return Buffer.concat([header, question, record]);
}

function nameIn(labels: Buffer): string {
  const found: string[] = [];
  for (let at = 0; at < labels.length; at += (labels[at] ?? 0) + 1) {
    found.push(labels.subarray(at + 1, at + 1 + (labels[at] ?? 0)).toString('latin1'));
  }
  return found.join('.').toLowerCase();
}
