import type { StoreApi } from 'zustand/vanilla';
import type { ImageActions } from '../image/image-slice.ts';
import type { NoticeActions } from '../notices/notice-slice.ts';
import type { LensState } from '../state.ts';
import { applyLink, linkMessages } from './apply-link.ts';
import type { ParsedLink } from './link.ts';

export interface LinkActions {
  /** Shows what a link says, and tells what it cannot show. Nothing is downloaded unasked: a model is only named. */
  openLink(parsed: ParsedLink): Promise<void>;
}

interface LinkSliceOptions extends Pick<ImageActions, 'openSample'>, Pick<NoticeActions, 'tell'> {
  readonly store: StoreApi<LensState>;
}

export function createLinkSlice({ store, openSample, tell }: LinkSliceOptions): LinkActions {
  return {
    /** The one place for what a link sets going: all that follows is found by holding before against after. */
    openLink(parsed) {
      const before = store.getState();
      const after = applyLink(before, parsed.link);
      store.setState(after);
      const { wantedSample, linkedModel } = after;
      const isComing = before.opening !== null && before.wantedSample === wantedSample;
      const opened = wantedSample === null || isComing ? Promise.resolve() : openSample(wantedSample);
      const messages = linkMessages(after, parsed);
      if (messages.length > 0) tell('note', messages, 'stage', linkedModel?.name);
      return opened;
    },
  };
}
