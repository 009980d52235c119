/** From a source to a model that is ready: checkpoint, device, sessions, warm-up. Runs in the model's thread. */

import { throwIfCancelled } from '../../base/cancel.ts';
import { LensError, toLensError } from '../../base/errors.ts';
import type { Checkpoint } from '../../checkpoint/checkpoint.ts';
import { parsePreprocessorConfig } from '../../image/preprocessor-config.ts';
import { PUBLISHED_PREPROCESSOR } from '../../image/published.ts';
import type { ViTMAEConfig } from '../../mae/config.ts';
import { type Geometry, geometryOf, patchCount, patchLength, valueCount } from '../../mae/geometry.ts';
import { denormalizeBy, lossAgainst, normalizeBy, type PatchScale, patchScale } from '../../mae/loss.ts';
import { randomMasking } from '../../mae/masking.ts';
import { displayNormalization, type PixelNormalization, reconstructionPanel } from '../../mae/panels.ts';
import { patchify } from '../../mae/patches.ts';
import { torchRand } from '../../mae/random.ts';
import {
  type ChosenBackend,
  chooseBackend,
  fallbackReason,
  wasmBackend,
} from '../../runtime/device/backend.ts';
import { agreementOf, type DtypeRequest } from '../../runtime/device/dtype.ts';
import type { RuntimeLoader } from '../../runtime/session/session.ts';
import { ViTMAEForPreTraining } from '../../vitmae/modeling.ts';
import type {
  LoadOptions,
  MaskInput,
  ModelInfo,
  ModelPhase,
  ModelSource,
  Prediction,
  PredictionBatch,
  Reconstruction,
} from '../engine.ts';
import { openSource } from '../stored-models/open-model.ts';

/** A model that is ready to paint. */
export interface LoadedModel {
  readonly info: ModelInfo;
  /** @param pixelValues [3, S, S], normalised as `info.preprocessor` says */
  reconstruct(pixelValues: Float32Array, mask: MaskInput): Promise<Reconstruction>;
  /** One forward pass over all masks, which keep equally many patches. */
  predict(pixelValues: Float32Array, masks: readonly MaskInput[]): Promise<PredictionBatch>;
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
  const preprocessor =
    checkpoint.preprocessorConfig === undefined
      ? PUBLISHED_PREPROCESSOR
      : parsePreprocessorConfig(checkpoint.preprocessorConfig);
  throwIfCancelled(signal);

  onPhase({ phase: 'compiling' });
  const { chosen, model } = await compile(checkpoint, options);
  throwIfCancelled(signal);

  const painter = new Painter(model, displayNormalization(preprocessor));
  for (const [step, ratio] of WARM_UP_RATIOS.entries()) {
    onPhase({ phase: 'warming-up', step, steps: WARM_UP_RATIOS.length, ...graphicsOf(chosen) });
    const geometry = geometryOf(checkpoint.config);
    const noise = torchRand(2, patchCount(geometry.grid));
    await painter.reconstruct(new Float32Array(valueCount(geometry)), randomMasking(noise, ratio));
    throwIfCancelled(signal);
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
  return {
    info,
    reconstruct: (pixelValues, mask) => painter.reconstruct(pixelValues, mask),
    predict: (pixelValues, masks) => painter.predict(pixelValues, masks),
    dispose: () => model.dispose(),
  };
}

/** Sessions on the device that was asked for, or on WebAssembly where a GPU takes the model but cannot run it. */
async function compile(
  checkpoint: Checkpoint,
  { device, dtype, knownAgreement, loadRuntime, onPhase }: LoadModelOptions,
): Promise<{ chosen: ChosenBackend; model: ViTMAEForPreTraining }> {
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
    return { chosen, model: await ViTMAEForPreTraining.from_pretrained(checkpoint, chosen) };
  } catch (error) {
    if (chosen.backend.kind === 'wasm')
      throw toLensError(error, 'engine-failed', 'The model could not be compiled.');
    onPhase({ phase: 'compiling' });
    const fallback = await wasmBackend(loadRuntime, wanted, fallbackReason(error));
    return { chosen: fallback, model: await ViTMAEForPreTraining.from_pretrained(checkpoint, fallback) };
  }
}

function graphicsOf({ backend }: ChosenBackend): { readonly graphics?: true } {
  return backend.kind === 'webgpu' ? { graphics: true } : {};
}

/** From pixels and a mask to everything that the page shows. */
class Painter {
  readonly #model: ViTMAEForPreTraining;
  readonly #geometry: Geometry;
  readonly #display: PixelNormalization;
  /** Of the image of the last run. */
  #target: Target | null = null;

  constructor(model: ViTMAEForPreTraining, display: PixelNormalization) {
    this.#model = model;
    this.#geometry = geometryOf(model.config);
    this.#display = display;
  }

  async reconstruct(pixelValues: Float32Array, masking: MaskInput): Promise<Reconstruction> {
    const { predictions, encoderMs, decoderMs } = await this.predict(pixelValues, [masking]);
    const [prediction] = predictions;
    if (prediction === undefined) throw new LensError('engine-failed', 'The decoder gave no output.');
    const { patches, loss, patchErrors } = prediction;
    const reconstruction = reconstructionPanel(patches, this.#geometry, this.#display);
    return { reconstruction, loss, patchErrors, encoderMs, decoderMs };
  }

  async predict(pixelValues: Float32Array, masks: readonly MaskInput[]): Promise<PredictionBatch> {
    const target = this.#targetOf(pixelValues);
    const { patches } = target;
    const start = performance.now();
    const { last_hidden_state: latent } = await this.#model.encode(patches, masks);
    if (latent === undefined) throw new LensError('engine-failed', 'The encoder gave no output.');
    const encoded = performance.now();
    let logits: Float32Array;
    try {
      logits = (await this.#model.decode(latent, masks)).data as Float32Array;
    } finally {
      latent.dispose();
    }
    const decoded = performance.now();
    return {
      predictions: masks.map(({ mask }, b) => {
        const own = logits.subarray(b * patches.length, (b + 1) * patches.length);
        return prediction(own, mask, target);
      }),
      encoderMs: encoded - start,
      decoderMs: decoded - encoded,
    };
  }

  #targetOf(pixelValues: Float32Array): Target {
    if (this.#target?.pixelValues !== pixelValues) this.#target = targetOf(pixelValues, this.#model.config);
    return this.#target;
  }
}

/** What an image's reconstruction is held against: the same for all its masks. */
interface Target {
  readonly pixelValues: Float32Array;
  readonly patches: Float32Array;
  /** The patches, or with `norm_pix_loss` each in its own scale. */
  readonly values: Float32Array;
  /** Null without `norm_pix_loss`. */
  readonly scale: PatchScale | null;
}

function targetOf(pixelValues: Float32Array, config: ViTMAEConfig): Target {
  const geometry = geometryOf(config);
  const patches = patchify(pixelValues, geometry);
  const shared = { pixelValues, patches };
  if (!config.norm_pix_loss) return { ...shared, values: patches, scale: null };
  const scale = patchScale(patches, patchLength(geometry));
  return { ...shared, values: normalizeBy(patches, scale), scale };
}

function prediction(logits: Float32Array, mask: Uint8Array, { values, scale }: Target): Prediction {
  const { loss, perPatch } = lossAgainst(logits, values, mask);
  return {
    patches: scale === null ? logits : denormalizeBy(logits, scale),
    loss,
    patchErrors: perPatch,
  };
}
