import type { Credentials } from './connection.js';
import { basicToken } from './credentials.js';
import { queryOf } from './query.js';

/** Keeps a connection's credentials out of what a call gives back, should the other side repeat them. */
export interface SecretMask {
  text(text: string): string;
  /** A JSON value with every text in it masked, names included. */
  value(value: unknown): unknown;
  /** True if the bytes hold a credential as it is. */
  isIn(content: Uint8Array): boolean;
}

const shown = '[secret]';

/** Shorter ones would be found everywhere, and masking them would ruin the answer. */
const minLength = 4;

/** Masks these credentials in plain form and in those in which a request carries them. */
export function createSecretMask(credentials: Credentials | undefined): SecretMask {
  const hidden = credentials ? formsOf(credentials).filter(({ length }) => length >= minLength) : [];
  // The longest first: one form may be part of another.
  hidden.sort((one, other) => other.length - one.length);

  const text = (given: string) => hidden.reduce((masked, form) => masked.replaceAll(form, shown), given);
  function value(given: unknown): unknown {
    if (hidden.length === 0) return given;
    if (typeof given === 'string') return text(given);
    if (Array.isArray(given)) return given.map(value);
    if (typeof given !== 'object' || given === null) return given;
    return Object.fromEntries(Object.entries(given).map(([name, one]) => [text(name), value(one)]));
  }
  const isIn = (content: Uint8Array) => {
    const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
    return hidden.some((form) => bytes.includes(form));
  };
  return { text, value, isIn };
}

function formsOf(credentials: Credentials): string[] {
  const values = secretValues(credentials);
  return [
    ...new Set(
      values.flatMap((value) => [
        value,
        encodeURIComponent(value),
        queryOf({ '': value }).slice(1),
        JSON.stringify(value).slice(1, -1),
      ]),
    ),
  ];
}

function secretValues(credentials: Credentials): string[] {
  switch (credentials.scheme) {
    case 'basic':
      return [credentials.password, basicToken(credentials)];
    case 'bearer':
      return [credentials.token];
    default:
      // Such as `Token abc…`: the part after the scheme is a secret of its own.
      return [credentials.value, ...credentials.value.split(' ').filter(({ length }) => length >= 8)];
  }
}
