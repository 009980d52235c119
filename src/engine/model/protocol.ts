/** What the page asks of a worker that owns a model: calls over Comlink, errors as in worker-errors.ts. */
import type { ModelCalls } from './calls.ts';
import type { RemoteRun } from './crossing.ts';
import type { LoadOptions, ModelInfo, ModelPhase, ModelSource } from './model-types.ts';

export interface ModelWorker {
  /** Once for each worker. */
  load(
    source: ModelSource,
    options: Omit<LoadOptions, 'signal'>,
    onPhase: (phase: ModelPhase) => void,
  ): Promise<ModelInfo>;
  readonly run: RemoteRun<ModelCalls>;
}
