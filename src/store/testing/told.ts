/** What the page tells, in English. */
import { en } from '../../locales/en.ts';
import type { Lens } from '../lens.ts';
import { messageText } from '../notices/message.ts';
import { noticeText } from '../notices/notice-state.ts';

/** The notice; null when there is none. */
export function told({ store }: Lens): string | null {
  const { notice } = store.getState();
  return notice === null ? null : noticeText(notice, en);
}

/** Single messages, as links and files give them. */
export function words(messages: readonly Parameters<typeof messageText>[0][]): string[] {
  return messages.map((message) => messageText(message, en));
}
