import type { LensError } from '../../base/errors.ts';
import type { Words } from '../../locales/words.ts';
import { type Message, messageText } from './message.ts';

/** Where on the page something was done, and so where its outcome is told. */
export type Place = 'stage' | 'samples' | 'tools';

export interface Notice {
  /** Changes with every notice, so that the same words twice are told twice. */
  readonly key: number;
  readonly kind: 'error' | 'note';
  /** At least one. */
  readonly messages: readonly (Message | LensError)[];
  readonly place: Place;
  /** The name of a model that it offers to look up. */
  readonly model?: string;
}

export interface NoticeState {
  /** The newest one, until the visitor has read it. */
  readonly notice: Notice | null;
}

export function startNotices(): NoticeState {
  return { notice: null };
}

/** Its sentences, one after another. */
export function noticeText({ messages }: Notice, words: Words): string {
  return messages.map((message) => messageText(message, words)).join(' ');
}
