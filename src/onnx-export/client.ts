/** Saving the model in use as a portable ONNX model, from the page's side. */

import { proxy } from 'comlink';
import { throwIfCancelled } from '../base/cancel.ts';
import { LensError } from '../base/errors.ts';
import { nearestFiles } from '../checkpoint/sources/nearest-files.ts';
import { openFileStore } from '../checkpoint/storage/open-store.ts';
import type { ModelInfo, ModelSource } from '../engine/engine.ts';
import { keepErrorCodes } from '../engine/worker-errors.ts';
import { WorkerHandle } from '../engine/worker-handle.ts';
import type { WeightType } from '../graph/placement.ts';
import type { ExportProgress } from './export-model.ts';
import { exportName } from './file-name.ts';
import type { ExportWorker } from './protocol.ts';
import { EXPORTS, KEPT_MS, type PickedFile, removeLeftovers } from './target.ts';

export type { ExportProgress, WeightType };

/** A model that is in use. */
export interface ExportedModel {
  readonly source: ModelSource;
  readonly info: Pick<ModelInfo, 'name' | 'config' | 'preprocessor'>;
}

export interface SavedModel {
  readonly fileName: string;
  /** For the browser's downloads; null where the visitor picked the file and it is written. */
  readonly blob: Blob | null;
}

export interface ModelExporter {
  /** What the archive takes for each type of weights, in bytes. */
  sizes(model: ExportedModel): Promise<Readonly<Record<WeightType, number>>>;
  /**
   * Saves it as one .zip. Call it in answer to a click: the browser may ask where to.
   * Rejects with a LensError; with `cancelled` also when the visitor picks no file.
   */
  save(
    model: ExportedModel,
    weightType: WeightType,
    options: { readonly signal: AbortSignal; readonly onProgress: (progress: ExportProgress) => void },
  ): Promise<SavedModel>;
  /** Clears away what earlier visits have left in the browser's storage. Never rejects. */
  tidy(): Promise<void>;
}

type Picker = (options: {
  readonly suggestedName: string;
  readonly types: readonly { readonly description: string; readonly accept: Record<string, string[]> }[];
}) => Promise<PickedFile>;

declare global {
  /** Chromium's; not in TypeScript's DOM library. */
  var showSaveFilePicker: Picker | undefined;
}

const DONE = new LensError('cancelled/worker');

keepErrorCodes();

/** In workers, one for each task, so that nothing of it stays in memory. */
export function createModelExporter(): ModelExporter {
  async function tidy(): Promise<void> {
    try {
      await removeLeftovers(await openFileStore(EXPORTS));
    } catch {
      // There is another visit.
    }
  }

  return {
    async sizes({ info }) {
      const worker = startWorker();
      try {
        return await worker.call((remote) => remote.sizes(portable(info)));
      } finally {
        worker.terminate(DONE);
      }
    },

    async save({ source, info }, weightType, { signal, onProgress }) {
      const suggestedName = `${exportName(info.name, weightType)}.zip`;
      const picked = await pickFile(suggestedName);
      const order = { source: sendable(source), model: portable(info), weightType };
      const worker = startWorker();
      const cancel = () => void worker.remote.cancel();
      signal.addEventListener('abort', cancel, { once: true });
      try {
        throwIfCancelled(signal, 'cancelled/saving');
        const blob = await worker.call((remote) => remote.save(order, picked, proxy(onProgress)));
        if (blob !== null) setTimeout(() => void tidy(), KEPT_MS + 1000);
        return { fileName: picked?.name ?? suggestedName, blob };
      } catch (error) {
        throw error instanceof LensError && error.code === 'worker-died' ? stopped(error) : error;
      } finally {
        signal.removeEventListener('abort', cancel);
        worker.terminate(DONE);
      }
    },

    tidy,
  };
}

function startWorker(): WorkerHandle<ExportWorker> {
  const worker = new Worker(new URL('./export.worker.ts', import.meta.url), {
    type: 'module',
    name: 'export',
  });
  return new WorkerHandle<ExportWorker>(worker);
}

function stopped(cause: LensError): LensError {
  return new LensError('worker-died/saving', undefined, { cause });
}

/** Only what the files need: the rest of what the page knows stays there. */
function portable({ name, config, preprocessor }: ExportedModel['info']): ExportedModel['info'] {
  return { name, config, preprocessor };
}

/** Files reach a worker without their paths, which say which of two with the same name is meant. */
function sendable(source: ModelSource): ModelSource {
  return source.kind === 'files' ? { ...source, files: nearestFiles(source.files) } : source;
}

/**
 * Asks where to save, where the browser lets a page ask.
 * @returns null where it does not, as in most browsers and in other pages' frames
 */
async function pickFile(suggestedName: string): Promise<PickedFile | null> {
  const { showSaveFilePicker: pick } = globalThis;
  if (pick === undefined) return null;
  try {
    return await pick({
      suggestedName,
      types: [{ description: 'Zip archive', accept: { 'application/zip': ['.zip'] } }],
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError')
      throw new LensError('cancelled/no-file-chosen', undefined, { cause: error });
    return null;
  }
}
