/** How messages show what a file says: short, whatever a broken or hostile file holds. */
import type { Listed, Shown } from '../../locales/values.ts';

const LONGEST = 80;
const MOST_AXES = 8;
const MOST_NAMES = 3;

/** A name in quotes. */
export function quote(name: string): string {
  return JSON.stringify(name.length > LONGEST ? `${name.slice(0, LONGEST)}…` : name);
}

/** A JSON value, or a pickle's. */
export function brief(value: unknown): Shown {
  if (typeof value === 'string') return { written: quote(value) };
  if (Array.isArray(value)) return 'list';
  return typeof value === 'object' && value !== null ? 'object' : { written: String(value) };
}

/** A shape as the field writes it: [768, 3, 16, 16]. */
export function sides(shape: readonly number[]): string {
  return `[${shape.slice(0, MOST_AXES).join(', ')}${shape.length > MOST_AXES ? ', …' : ''}]`;
}

/** The first three names, in quotes. */
export function firstNames(names: readonly string[]): Listed {
  return { names: names.slice(0, MOST_NAMES).map(quote), more: Math.max(0, names.length - MOST_NAMES) };
}
