/** What the page asks of the worker that saves a model as ONNX. */
import type { WeightType } from '../graph/placement.ts';
import type { ExportOrder, ExportProgress } from './export-model.ts';
import type { PortableModel } from './portable-files.ts';
import type { PickedFile } from './target.ts';

export interface ExportWorker {
  /** Sizes of the archive, in bytes. */
  sizes(model: PortableModel): Promise<Readonly<Record<WeightType, number>>>;
  /**
   * Once for each worker.
   * @param picked the visitor's own file; null for the browser's downloads, which then get the returned blob
   */
  save(
    order: ExportOrder,
    picked: PickedFile | null,
    onProgress: (progress: ExportProgress) => void,
  ): Promise<Blob | null>;
  /** Makes `save` clear away what it wrote, and reject. */
  cancel(): Promise<void>;
}
