/** The languages that the page speaks. A new one is a file beside `en.ts`, of the type `Words`, and its line here. */
import { en } from './en.ts';
import type { Words } from './words.ts';

export interface Language {
  /** As in BCP 47. */
  readonly tag: string;
  /** In the language itself. */
  readonly name: string;
  /** English is there already; others are loaded when they are wanted. */
  readonly load: () => Promise<Words>;
}

export const LANGUAGES: readonly Language[] = [{ tag: 'en', name: 'English', load: async () => en }];
