/** From a source to a model that is ready: checkpoint, device, sessions, warm-up. Runs in the model's thread. */

import { throwIfCancelled } from '../../base/cancel.ts';
import type { Checkpoint } from '../../checkpoint/checkpoint.ts';
import { preprocessorOf, statesChannels } from '../../image/preprocessor-config.ts';
import type { PreprocessorConfig } from '../../image/processor.ts';
import { normalizationAssumed } from '../../locales/en/checkpoint-notices.ts';
import { geometryOf, patchCount, valueCount } from '../../mae/geometry.ts';
import { randomMasking } from '../../mae/masking.ts';
import { displayNormalization } from '../../mae/panels.ts';
import { torchRand } from '../../mae/random.ts';
import type { ChosenBackend } from '../../runtime/device/backend.ts';
import { agreementOf } from '../../runtime/device/dtype.ts';
import type { RuntimeLoader } from '../../runtime/session/session.ts';
import { type OpenedNetwork, openNetwork } from '../../vitmae/open-network.ts';
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
  const geometry = geometryOf(checkpoint.config);
  const preprocessor = preprocessorOf(checkpoint.preprocessorConfig, geometry.channels);
  throwIfCancelled(signal, 'cancelled/model');

  onPhase({ phase: 'compiling' });
  const { chosen, network } = await compile(checkpoint, options);
  throwIfCancelled(signal, 'cancelled/model');

  const painter = new Painter(network, displayNormalization(preprocessor));
  for (const [step, ratio] of WARM_UP_RATIOS.entries()) {
    onPhase({ phase: 'warming-up', step, steps: WARM_UP_RATIOS.length, ...graphicsOf(chosen) });
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
    ...assumptionsOf(checkpoint, preprocessor),
  };
  return { info, calls: painter, dispose: () => network.dispose() };
}

/** For people: what neither config.json nor preprocessor_config.json said. */
function assumptionsOf(
  { assumptions, preprocessorConfig }: Checkpoint,
  { image_mean, image_std }: PreprocessorConfig,
): Pick<ModelInfo, 'assumptions'> {
  const channels = image_mean.length;
  const said = [
    ...(assumptions === undefined ? [] : [assumptions]),
    ...(statesChannels(preprocessorConfig, channels)
      ? []
      : [normalizationAssumed({ channels, mean: image_mean, std: image_std })]),
  ];
  return said.length === 0 ? {} : { assumptions: said.join(' ') };
}

/** Sessions on the device that was asked for, or on WebAssembly where a GPU takes the model but cannot run it. */
function compile(
  checkpoint: Checkpoint,
  { device, dtype, knownAgreement, loadRuntime, onPhase }: LoadModelOptions,
): Promise<OpenedNetwork> {
  return openNetwork(checkpoint, {
    device,
    dtype: {
      wanted: dtype ?? 'auto',
      parameters: checkpoint.parameters,
      psnr: agreementOf(checkpoint, knownAgreement ?? []),
    },
    loadRuntime,
    onGraphics: () => onPhase({ phase: 'compiling', graphics: true }),
    // A graphics device that was tried may have been given up.
    onChosen: (chosen) => onPhase({ phase: 'compiling', ...graphicsOf(chosen) }),
  });
}

function graphicsOf({ backend }: ChosenBackend): { readonly graphics?: true } {
  return backend.kind === 'webgpu' ? { graphics: true } : {};
}
