import type { FindingRule } from './finding.js';

/** What names or reaches a person, or is theirs alone. */
export const personalDataRules: readonly FindingRule[] = [
  {
    kind: 'personal',
    name: 'email',
    pattern: /\b[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}\b/g,
  },
  {
    kind: 'personal',
    name: 'iban',
    pattern: /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b/g,
    isOne: isIban,
  },
  { kind: 'personal', name: 'payment_card', pattern: /\b\d(?:[ -]?\d){12,18}\b/g, isOne: isCardNumber },
  {
    kind: 'personal',
    name: 'us_social_security_number',
    pattern: /\b(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}\b/g,
  },
  {
    kind: 'personal',
    name: 'phone',
    pattern: /(?<![\w+])\+[1-9]\d{0,2}(?:[ ./-]?\(?\d{1,4}\)?){2,6}\b/g,
    isOne: isPhoneNumber,
  },
];

/** ISO 13616: the remainder by 97, its first four characters behind the others, is 1. */
function isIban(text: string): boolean {
  const iban = text.replaceAll(' ', '');
  if (iban.length < 15 || iban.length > 34) return false;
  let remainder = 0;
  for (const character of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder === 1;
}

/** ISO/IEC 7812-1: the Luhn formula. */
function isCardNumber(text: string): boolean {
  const digits = [...text.replace(/\D/g, '')].map(Number).reverse();
  const sum = digits.reduce((total, digit, place) => {
    const doubled = place % 2 === 0 ? digit : digit * 2;
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0 && new Set(digits).size > 1;
}

/** ITU-T E.164: at most 15 digits; shorter than 8 is none that is called from abroad. */
function isPhoneNumber(text: string): boolean {
  const { length } = text.replace(/\D/g, '');
  return length >= 8 && length <= 15;
}
