import type { StoreApi } from 'zustand/vanilla';
import type { LensError } from '../../base/errors.ts';
import type { LensState } from '../state.ts';
import type { Message } from './message.ts';
import type { Notice, Place } from './notice-state.ts';

export interface NoticeActions {
  /**
   * @param said one message or several
   * @param model the name of one that can be looked up right there
   */
  tell(
    kind: Notice['kind'],
    said: Message | LensError | readonly (Message | LensError)[],
    place: Place,
    model?: string,
  ): void;
  dismissNotice(): void;
}

export function createNoticeSlice({ setState }: StoreApi<LensState>): NoticeActions {
  let key = 0;
  return {
    tell(kind, said, place, model) {
      const messages = [said].flat();
      key += 1;
      setState({ notice: { key, kind, messages, place, ...(model === undefined ? {} : { model }) } });
    },
    dismissNotice() {
      setState({ notice: null });
    },
  };
}
