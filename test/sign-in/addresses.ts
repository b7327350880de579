let last = 0;

/** An address from which nobody has come. */
export function freshAddress(): string {
  last += 1;
  return `198.18.${Math.floor(last / 250)}.${last % 250}`;
}
