/** SHA-256 of FIPS 180-4 as hexadecimal digits. Workflows have no crypto module. */
export function sha256(message: Uint8Array): string {
  const state = Uint32Array.from(initialState);
  const padded = pad(message);
  const view = new DataView(padded.buffer);
  const schedule = new Uint32Array(64);
  for (let offset = 0; offset < padded.length; offset += 64) compress(state, schedule, view, offset);
  return [...state].map((word) => word.toString(16).padStart(8, '0')).join('');
}

const primes = [...primesBelow(312)];
/** The first 32 bits of the fractional parts of the square roots of the first 8 primes. */
const initialState = primes.slice(0, 8).map((prime) => fractionBits(Math.sqrt(prime)));
/** The same of the cube roots of the first 64 primes. */
const constants = primes.map((prime) => fractionBits(Math.cbrt(prime)));

function compress(state: Uint32Array, schedule: Uint32Array, view: DataView, offset: number): void {
  const at = (index: number) => schedule[index] ?? 0;
  for (let index = 0; index < 16; index += 1) schedule[index] = view.getUint32(offset + index * 4);
  for (let index = 16; index < 64; index += 1) {
    const low = at(index - 15);
    const high = at(index - 2);
    const mixedLow = rotate(low, 7) ^ rotate(low, 18) ^ (low >>> 3);
    const mixedHigh = rotate(high, 17) ^ rotate(high, 19) ^ (high >>> 10);
    schedule[index] = at(index - 16) + mixedLow + at(index - 7) + mixedHigh;
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let index = 0; index < 64; index += 1) {
    const choice = (e & f) ^ (~e & g);
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const first = (h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + choice) | 0;
    const added = (first + (constants[index] ?? 0) + at(index)) | 0;
    const second = ((rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + majority) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + added) | 0, c, b, a, (added + second) | 0];
  }
  for (const [index, word] of [a, b, c, d, e, f, g, h].entries()) state[index] = (state[index] ?? 0) + word;
}

/** The message, a one bit, zeros, and its length in bits, to a multiple of 64 bytes. */
function pad(message: Uint8Array): Uint8Array<ArrayBuffer> {
  const padded = new Uint8Array(Math.ceil((message.length + 9) / 64) * 64);
  padded.set(message);
  padded[message.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(message.length / 0x20000000));
  view.setUint32(padded.length - 4, (message.length << 3) >>> 0);
  return padded;
}

function rotate(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits));
}

function fractionBits(root: number): number {
  return Math.floor((root - Math.floor(root)) * 0x100000000);
}

function* primesBelow(limit: number): Generator<number> {
  for (let candidate = 2; candidate < limit; candidate += 1) {
    let isPrime = true;
    for (let divisor = 2; divisor * divisor <= candidate; divisor += 1)
      if (candidate % divisor === 0) isPrime = false;
    if (isPrime) yield candidate;
  }
}
