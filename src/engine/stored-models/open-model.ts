/** From where a model comes from to its checkpoint; for loading it and for saving it elsewhere. */

import type { Checkpoint } from '../../checkpoint/checkpoint.ts';
import { openFromFiles } from '../../checkpoint/sources/files.ts';
import { openFromHub } from '../../checkpoint/sources/hub.ts';
import { openFromUrl } from '../../checkpoint/sources/url.ts';
import { openFileStore } from '../../checkpoint/storage/open-store.ts';
import type { ModelPhase, ModelSource } from '../engine.ts';

/** Rejects as the openers in `checkpoint` do. Tells `onPhase` of downloads only. */
export async function openSource(
  source: ModelSource,
  onPhase: (phase: Extract<ModelPhase, { phase: 'loading' }>) => void,
  signal: AbortSignal | undefined,
): Promise<Checkpoint> {
  const cancel = signal === undefined ? {} : { signal };
  if (source.kind === 'files') return openFromFiles(source.files, cancel);
  if (source.kind === 'url') {
    return openFromUrl(source.baseUrl, {
      ...cancel,
      onProgress: (progress) => onPhase({ phase: 'loading', ...progress }),
    });
  }
  let note: string | null = null;
  return openFromHub(source.address, {
    ...cancel,
    store: await openFileStore(),
    onNotice: ({ message }) => {
      note = message;
    },
    onProgress: ({
      file,
      loadedBytes,
      totalBytes,
      modelLoadedBytes,
      modelTotalBytes,
      bytesPerSecond,
      secondsLeft,
    }) => {
      const progress =
        modelTotalBytes === null
          ? { loadedBytes, totalBytes }
          : { loadedBytes: modelLoadedBytes, totalBytes: modelTotalBytes };
      onPhase({ phase: 'loading', file, ...progress, bytesPerSecond, secondsLeft, note });
    },
  });
}
