/** Loading models: which attempt counts, and what is left when one fails, is cancelled or was overtaken. */
import { toLensError } from '../../base/errors.ts';
import type { Engine, LoadOptions, ModelInfo, ModelSource } from '../../engine/engine.ts';
import type { KnownAgreement } from '../../runtime/device/choice.ts';
import type { ModelState } from './model-state.ts';

type Model = ModelState['model'];

export interface ModelLoader {
  /** Loads it in place of any that is being loaded; the last good model stays in use until it is ready. */
  load(source: ModelSource): void;
  /** Gives up loading and goes back to the last good model. */
  cancel(): void;
}

export interface ModelLoaderOptions {
  readonly engine: Engine;
  /** The model that comes with the page: loaded again where there is no other to go back to. */
  readonly home: ModelSource;
  readonly get: () => Model;
  readonly set: (change: Partial<Model>) => void;
  /** What is known of models from a source. */
  readonly knownAgreement: (source: ModelSource) => readonly KnownAgreement[];
  /**
   * Puts a model to work that is ready. Comes again when the engine had to recover, perhaps on another device.
   * @param stillWanted false once another attempt counts
   */
  readonly use: (info: ModelInfo, source: ModelSource, stillWanted: () => boolean) => Promise<void>;
}

interface Attempt {
  readonly source: ModelSource;
  readonly controller: AbortController;
}

export function createModelLoader({
  engine,
  home,
  get,
  set,
  knownAgreement,
  use,
}: ModelLoaderOptions): ModelLoader {
  /** The attempt whose news count: the newest one, or once that is over, the one whose model is in use. */
  let heard: Attempt | null = null;
  /** What the engine answers with. */
  let inUse: { readonly attempt: Attempt; readonly info: ModelInfo } | null = null;

  function load(source: ModelSource, failure: Model['failure'] = null): void {
    const attempt: Attempt = { source, controller: new AbortController() };
    heard = attempt;
    const counts = () => heard === attempt;
    set({ source, failure, phase: { phase: 'loading', file: '', loadedBytes: 0, totalBytes: null } });
    const { wantedDevice: device, wantedDtype: dtype } = get();
    const options: LoadOptions = {
      device,
      dtype,
      knownAgreement: knownAgreement(source),
      signal: attempt.controller.signal,
    };
    engine
      .load(source, options, (phase) => {
        if (!counts()) return;
        if (phase.phase === 'failed') fail(phase.error);
        else if (phase.phase !== 'ready') set({ phase });
        else {
          inUse = { attempt, info: phase.info };
          use(phase.info, source, counts).catch(fail);
        }
      })
      .catch(fail);

    function fail(error: unknown): void {
      if (!counts()) return;
      const failed = toLensError(error, 'engine-failed/load-model');
      if (failed.code === 'cancelled') {
        goBack();
        return;
      }
      const told = { source, error: failed };
      // Without a last good model there is the one that comes with the page.
      if (inUse === null && source !== home) {
        load(home, told);
        return;
      }
      set({ failure: told });
      if (inUse === null || inUse.attempt === attempt) set({ phase: { phase: 'failed', error: failed } });
      else goBack({ phase: 'failed', error: failed });
    }
  }

  /** @param phase what is told of it; none for a model that is simply in use again */
  function goBack(phase?: Model['phase']): void {
    if (inUse === null) {
      if (heard?.source !== home) load(home);
      return;
    }
    const { attempt, info } = inUse;
    heard = attempt;
    set({ source: attempt.source, phase: phase ?? { phase: 'ready', info } });
    // It became ready, but the page had no time to take it up before something else was asked for.
    if (info !== get().info) void use(info, attempt.source, () => heard === attempt);
  }

  return {
    load: (source) => load(source),
    cancel() {
      if (heard === null || heard === inUse?.attempt) return;
      const { controller } = heard;
      if (inUse === null && heard.source === home) return;
      // First, so that the rejection that follows no longer counts.
      goBack();
      controller.abort();
    },
  };
}
