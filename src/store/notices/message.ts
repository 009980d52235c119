/** A sentence of the page that is not words yet: a key of the language's `notices`, and what stands in the sentence. */
import { LensError } from '../../base/errors.ts';
import type { Words } from '../../locales/words.ts';

type Notices = Words['notices'];
type MessageParams<K extends keyof Notices> = Notices[K] extends (params: infer P) => string ? P : undefined;

export type Message = {
  [K in keyof Notices]: MessageParams<K> extends undefined
    ? { readonly key: K; readonly params?: undefined }
    : { readonly key: K; readonly params: MessageParams<K> };
}[keyof Notices];

/** The sentence in a language. An error says its own; see `learnSentences`. */
export function messageText(message: Message | LensError, words: Words): string {
  if (!(message instanceof LensError)) return filled(words.notices[message.key], message.params);
  return message.message;
}

/** @param params those of this very entry: the types of `Message` and `LensError` have held them together */
function filled(entry: string | ((params: never) => string), params: unknown): string {
  return typeof entry === 'function' ? entry(params as never) : entry;
}
