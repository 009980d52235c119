/** What the page asks of a worker that owns a model: calls over Comlink, errors as in worker-errors.ts. */
import type { LoadOptions, ModelInfo, ModelPhase, ModelSource } from '../engine.ts';
import type { CallInput, CallOutput, ModelCall } from './calls.ts';

export interface ModelWorker {
  /** Once for each worker. */
  load(
    source: ModelSource,
    options: Omit<LoadOptions, 'signal'>,
    onPhase: (phase: ModelPhase) => void,
  ): Promise<ModelInfo>;
  /** @param pixelValues null for the image of the call before, so that it need not be sent again */
  run<C extends ModelCall>(
    name: C,
    pixelValues: Float32Array | null,
    input: CallInput<C>,
  ): Promise<CallOutput<C>>;
}
