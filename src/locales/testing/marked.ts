/** A language for tests: English in brackets, so that words which do not come from the catalogue stand out. */
import { en } from '../en.ts';
import type { Words } from '../words.ts';

/** What number formats give is no sentence. */
const PLAIN: readonly string[] = ['format', 'quantities'];

export const marked = markedIn(en) as Words;

/** What of a text is in no brackets. */
export function unmarked(text: string): string {
  let depth = 0;
  let rest = '';
  for (const character of text) {
    if (character === '⟦') depth += 1;
    else if (character === '⟧') depth -= 1;
    else if (depth === 0) rest += character;
  }
  return rest;
}

function markedIn(entry: unknown): unknown {
  if (typeof entry === 'string') return `⟦${entry}⟧`;
  if (Array.isArray(entry)) return entry.map(markedIn);
  if (typeof entry === 'function') return (...params: unknown[]) => markedIn(entry(...params));
  if (typeof entry !== 'object' || entry === null) return entry;
  return Object.fromEntries(
    Object.entries(entry).map(([key, inner]) => [key, PLAIN.includes(key) ? inner : markedIn(inner)]),
  );
}
