/** A comment that GitHub does not show. It lets a repeated attempt recognize what an earlier one has written. */
export function markerOf(idempotencyKey: string): string {
  return `<!-- worksynapse:${encodeURIComponent(idempotencyKey)} -->`;
}

/** A text with the marker under it. */
export function withMarker(text: string, idempotencyKey: string): string {
  const marker = markerOf(idempotencyKey);
  return text === '' ? marker : `${text}\n\n${marker}`;
}

/** A text as its author wrote it. */
export function withoutMarker(text: string): string {
  return text.replace(/\n*<!-- worksynapse:\S+ -->$/, '');
}
