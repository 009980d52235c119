/** Saving a model, answered by the test. */
import { LensError } from '../../base/errors.ts';
import type {
  ExportedModel,
  ExportProgress,
  ModelExporter,
  SavedModel,
  WeightType,
} from '../../onnx-export/client.ts';

/** A model that is being saved. */
export interface PendingSave {
  readonly model: ExportedModel;
  readonly weightType: WeightType;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ExportProgress) => void;
  readonly resolve: (saved: SavedModel) => void;
  readonly reject: (error: unknown) => void;
}

export class FakeExporter implements ModelExporter {
  readonly saves: PendingSave[] = [];
  /** Why sizes cannot be told. */
  refusal: LensError | null = null;
  tidied = 0;

  async sizes(): Promise<Readonly<Record<WeightType, number>>> {
    if (this.refusal !== null) throw this.refusal;
    return { float32: 18_900_000, float16: 9_500_000 };
  }

  save(
    model: ExportedModel,
    weightType: WeightType,
    { signal, onProgress }: Pick<PendingSave, 'signal' | 'onProgress'>,
  ): Promise<SavedModel> {
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(new LensError('cancelled', 'Cancelled.')));
      this.saves.push({ model, weightType, signal, onProgress, resolve, reject });
    });
  }

  async tidy(): Promise<void> {
    this.tidied += 1;
  }

  get lastSave(): PendingSave {
    const save = this.saves.at(-1);
    if (save === undefined) throw new Error('Nothing was to be saved.');
    return save;
  }
}
