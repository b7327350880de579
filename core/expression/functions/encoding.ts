import type { Environment } from '@marcbachmann/cel-js';
import { base64Bytes, base64Of } from '../base64.js';
import { spendSteps } from '../meter.js';
import { toJson } from '../to-json.js';
import { boundedLength, refuse } from './arguments.js';
import { sha256 } from './sha256.js';

/** Characters that one step reads or writes. */
const stepLength = 4;
const base64StepLength = 2;
const encoder = new TextEncoder();

/** Functions between texts and other forms of them. */
export function registerEncodingFunctions(environment: Environment): void {
  environment
    .registerFunction('parseJson(string): dyn', parseJson)
    .registerFunction('toJson(dyn): string', (value: unknown) => {
      // Its size is counted before it is written out.
      const text = JSON.stringify(toJson(value)) ?? 'null';
      boundedLength(text.length);
      spendSteps(text.length);
      return text;
    })
    .registerFunction('base64Encode(string): string', (text: string) => {
      spendSteps(text.length / base64StepLength);
      return base64Of(encoder.encode(text));
    })
    .registerFunction('base64Decode(string): string', (text: string) => {
      spendSteps(text.length / base64StepLength);
      const bytes = base64Bytes(text);
      if (!bytes) throw refuse('base64Decode() takes base64');
      return utf8Text(bytes);
    })
    .registerFunction('urlEncode(string): string', (text: string) => {
      spendSteps(text.length / stepLength);
      return encodeUri(text);
    })
    .registerFunction('sha256(string): string', (text: string) => {
      spendSteps(text.length / stepLength);
      return sha256(encoder.encode(text));
    });
}

function parseJson(text: string): unknown {
  spendSteps(text.length / stepLength);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw refuse('parseJson() takes JSON');
  }
}

function utf8Text(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw refuse('base64Decode() takes text in UTF-8');
  }
}

function encodeUri(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    throw refuse('urlEncode() takes well-formed text');
  }
}
