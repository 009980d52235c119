/** How messages show what a file says: short, whatever a broken or hostile file holds. */

const LONGEST = 80;

/** A name in quotes. */
export function quote(name: string): string {
  return JSON.stringify(name.length > LONGEST ? `${name.slice(0, LONGEST)}…` : name);
}

/** A JSON value in a few words. */
export function brief(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

/** A shape as the field writes it: [768, 3, 16, 16]. */
export function sides(shape: readonly number[]): string {
  return `[${shape.slice(0, 8).join(', ')}${shape.length > 8 ? ', …' : ''}]`;
}

/** "1 byte", "439 bytes". */
export function bytesInWords(count: number): string {
  return `${count} ${count === 1 ? 'byte' : 'bytes'}`;
}

/** "1 more byte", "439 more bytes". */
export function moreBytes(count: number): string {
  return `${count} more ${count === 1 ? 'byte' : 'bytes'}`;
}
