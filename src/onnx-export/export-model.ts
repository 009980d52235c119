/** Saves a model as one archive with a portable ONNX model in it. Runs in a worker of its own. */

import { throwIfCancelled } from '../base/cancel.ts';
import { LensError, toLensError } from '../base/errors.ts';
import type { ModelSource } from '../engine/engine.ts';
import { openSource } from '../engine/stored-models/open-model.ts';
import type { WeightType } from '../graph/placement.ts';
import { exportName } from './file-name.ts';
import { type PortableModel, portableFiles } from './portable-files.ts';
import { zipBytes, zipPieces } from './portable-zip.ts';
import { type ExportTarget, noRoom } from './target.ts';

export interface ExportOrder {
  readonly source: ModelSource;
  /** As it is in use. */
  readonly model: PortableModel;
  readonly weightType: WeightType;
}

/** Bytes of the archive, or of the files that have to be fetched before it; totals are null where nobody says. */
export interface ExportProgress {
  readonly step: 'fetching' | 'writing';
  readonly doneBytes: number;
  readonly totalBytes: number | null;
}

export interface ExportOptions {
  readonly onProgress: (progress: ExportProgress) => void;
  readonly signal: AbortSignal;
}

/** More often than this nobody can read it. In milliseconds. */
const PROGRESS_MS = 100;

/** Sizes of the archive, in bytes. */
export function exportSizes(model: PortableModel): Readonly<Record<WeightType, number>> {
  const size = (weightType: WeightType) =>
    zipBytes(exportName(model.name, weightType), portableFiles(model, weightType, null));
  return { float32: size('float32'), float16: size('float16') };
}

/**
 * Reads the model tensor by tensor from where it came from, and writes the archive.
 * Rejects with `storage-full`, `cancelled`, `not-found` when the model's files have gone or changed, or as
 * `openSource` does; then nothing is left of the target.
 * @param openTarget where to write; opened when the model has been found sound
 * @returns what is to be downloaded; null where the target is the visitor's own file
 */
export async function exportModel(
  { source, model, weightType }: ExportOrder,
  openTarget: () => Promise<ExportTarget>,
  { onProgress, signal }: ExportOptions,
): Promise<Blob | null> {
  const report = paced(onProgress);
  const folder = exportName(model.name, weightType);
  const archive = `${folder}.zip`;
  const checkpoint = await openSource(
    source,
    ({ loadedBytes: doneBytes, totalBytes }) => report({ step: 'fetching', doneBytes, totalBytes }),
    signal,
  );
  // Files on disk and on the web may have become another model's since this one was loaded.
  if (JSON.stringify(checkpoint.config) !== JSON.stringify(model.config))
    throw new LensError('not-found/model-changed', { model: model.name });
  const files = portableFiles(model, weightType, checkpoint);
  const totalBytes = zipBytes(folder, files);
  throwIfCancelled(signal, 'cancelled/saving');

  const target = await openTarget();
  const free = await target.freeBytes();
  if (free !== null && free < totalBytes) {
    await target.discard();
    throw noRoom(archive, totalBytes, free);
  }
  try {
    let doneBytes = 0;
    report({ step: 'writing', doneBytes, totalBytes });
    for await (const piece of zipPieces(folder, files)) {
      throwIfCancelled(signal, 'cancelled/saving');
      await target.write(piece);
      doneBytes += piece.byteLength;
      report({ step: 'writing', doneBytes, totalBytes });
    }
    throwIfCancelled(signal, 'cancelled/saving');
    return await target.finish();
  } catch (error) {
    await target.discard();
    if (ranFull(error)) throw noRoom(archive, totalBytes, null, error);
    throw toLensError(error, 'engine-failed/write-archive', { file: archive });
  }
}

/** Either the browser itself says so, or the store in other words than those that help here. */
function ranFull(error: unknown): boolean {
  return error instanceof LensError
    ? error.code === 'storage-full'
    : error instanceof Error && error.name === 'QuotaExceededError';
}

/** The first and the last of each step, and between them no more than a person can follow. */
function paced(tell: (progress: ExportProgress) => void): (progress: ExportProgress) => void {
  let last: { readonly step: string; readonly at: number } | null = null;
  return (progress) => {
    const at = performance.now();
    const ended = progress.doneBytes === progress.totalBytes;
    if (!ended && last?.step === progress.step && at - last.at < PROGRESS_MS) return;
    last = { step: progress.step, at };
    tell(progress);
  };
}
