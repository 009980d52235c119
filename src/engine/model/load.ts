/** From a source to a model that is ready: checkpoint, device, sessions, warm-up. Runs in the model's thread. */

import { throwIfCancelled } from '../../base/cancel.ts';
import { toLensError } from '../../base/errors.ts';
import type { Checkpoint } from '../../checkpoint/checkpoint.ts';
import { preprocessorOf } from '../../image/preprocessor-config.ts';
import { geometryOf, patchCount, valueCount } from '../../mae/geometry.ts';
import { randomMasking } from '../../mae/masking.ts';
import { displayNormalization } from '../../mae/panels.ts';
import { torchRand } from '../../mae/random.ts';
import {
  type ChosenBackend,
  chooseBackend,
  fallbackReason,
  wasmBackend,
} from '../../runtime/device/backend.ts';
import { agreementOf, type DtypeRequest } from '../../runtime/device/dtype.ts';
import type { RuntimeLoader } from '../../runtime/session/session.ts';
import { Network } from '../../vitmae/network.ts';
import type { LoadOptions, ModelInfo, ModelPhase, ModelSource } from '../engine.ts';
import { openSource } from '../stored-models/open-model.ts';
import type { CallsOn } from './calls.ts';
import { Painter } from './painter.ts';

/** A model that is ready to paint. */
export interface LoadedModel {
  readonly info: ModelInfo;
  /** On pixel_values [C, H, W], normalised as `info.preprocessor` says. */
  readonly calls: CallsOn<Float32Array>;
  dispose(): Promise<void>;
}

export interface LoadModelOptions extends LoadOptions {
  readonly loadRuntime: RuntimeLoader;
  /** Told of everything before `ready`, which is the caller's to say. */
  readonly onPhase: (phase: ModelPhase) => void;
}

/**
 * Ratios of the runs that come before the first real one: shaders compile at the first use, another attention
 * kernel serves fewer than 32 tokens, and WebAssembly is several times slower until its optimising compiler
 * has seen the code run.
 */
const WARM_UP_RATIOS = [0.75, 0.9, 0.75];

/** @throws LensError; see `Checkpoint`, `Session.create` and `parsePreprocessorConfig` */
export async function loadModel(source: ModelSource, options: LoadModelOptions): Promise<LoadedModel> {
  const { onPhase, signal } = options;
  const checkpoint = await openSource(source, onPhase, signal);
  const preprocessor = preprocessorOf(checkpoint.preprocessorConfig);
  throwIfCancelled(signal, 'cancelled/model');

  onPhase({ phase: 'compiling' });
  const { chosen, network } = await compile(checkpoint, options);
  throwIfCancelled(signal, 'cancelled/model');

  const painter = new Painter(network, displayNormalization(preprocessor));
  for (const [step, ratio] of WARM_UP_RATIOS.entries()) {
    onPhase({ phase: 'warming-up', step, steps: WARM_UP_RATIOS.length, ...graphicsOf(chosen) });
    const geometry = geometryOf(checkpoint.config);
    const noise = torchRand(2, patchCount(geometry.grid));
    await painter.reconstruct(new Float32Array(valueCount(geometry)), randomMasking(noise, ratio));
    throwIfCancelled(signal, 'cancelled/model');
  }
  const info: ModelInfo = {
    name: source.name,
    config: checkpoint.config,
    preprocessor,
    parameters: checkpoint.parameters,
    bytes: checkpoint.bytes,
    device: chosen.report,
    ...(checkpoint.assumptions === undefined ? {} : { assumptions: checkpoint.assumptions }),
  };
  return { info, calls: painter, dispose: () => network.dispose() };
}

/** Sessions on the device that was asked for, or on WebAssembly where a GPU takes the model but cannot run it. */
async function compile(
  checkpoint: Checkpoint,
  { device, dtype, knownAgreement, loadRuntime, onPhase }: LoadModelOptions,
): Promise<{ chosen: ChosenBackend; network: Network }> {
  const wanted: DtypeRequest = {
    wanted: dtype ?? 'auto',
    parameters: checkpoint.parameters,
    psnr: agreementOf(checkpoint, knownAgreement ?? []),
  };
  const { config } = checkpoint;
  const onGraphics = () => onPhase({ phase: 'compiling', graphics: true });
  const chosen = await chooseBackend({ device, config, dtype: wanted, onGraphics }, loadRuntime);
  // A graphics device that was tried may have been given up.
  onPhase({ phase: 'compiling', ...graphicsOf(chosen) });
  try {
    return { chosen, network: await Network.create(checkpoint, chosen) };
  } catch (error) {
    if (chosen.backend.kind === 'wasm') throw toLensError(error, 'engine-failed/compile-model');
    onPhase({ phase: 'compiling' });
    const fallback = await wasmBackend(loadRuntime, wanted, fallbackReason(error));
    return { chosen: fallback, network: await Network.create(checkpoint, fallback) };
  }
}

function graphicsOf({ backend }: ChosenBackend): { readonly graphics?: true } {
  return backend.kind === 'webgpu' ? { graphics: true } : {};
}
