/** From pixels and masks to everything that the page shows: the implementations of the calls to a model. */
import { LensError } from '../../base/errors.ts';
import type { ViTMAEConfig } from '../../mae/config.ts';
import { type Geometry, geometryOf, patchLength } from '../../mae/geometry.ts';
import { denormalizeBy, lossAgainst, normalizeBy, type PatchScale, patchScale } from '../../mae/loss.ts';
import { type PixelNormalization, reconstructionPanel } from '../../mae/panels.ts';
import { patchify } from '../../mae/patches.ts';
import type { Network } from '../../vitmae/network.ts';
import type { CallsOn } from './calls.ts';
import type { MaskInput, Prediction, PredictionBatch, Reconstruction } from './predictions.ts';

export class Painter implements CallsOn<Float32Array> {
  readonly #network: Network;
  readonly #geometry: Geometry;
  readonly #display: PixelNormalization;
  /** Of the image of the last run. */
  #target: Target | null = null;

  constructor(network: Network, display: PixelNormalization) {
    this.#network = network;
    this.#geometry = network.geometry;
    this.#display = display;
  }

  async reconstruct(pixelValues: Float32Array, masking: MaskInput): Promise<Reconstruction> {
    const { predictions, encoderMs, decoderMs } = await this.predict(pixelValues, [masking]);
    const [prediction] = predictions;
    if (prediction === undefined) throw new LensError('engine-failed/no-output', { name: 'logits' });
    const { patches, loss, patchErrors } = prediction;
    const reconstruction = reconstructionPanel(patches, this.#geometry, this.#display);
    return { reconstruction, loss, patchErrors, encoderMs, decoderMs };
  }

  async predict(pixelValues: Float32Array, masks: readonly MaskInput[]): Promise<PredictionBatch> {
    const kept = masks[0]?.idsKeep.length;
    if (kept === undefined || masks.some(({ idsKeep }) => idsKeep.length !== kept))
      throw new LensError('mask-invalid/uneven-batch');
    const target = this.#targetOf(pixelValues);
    const { patches } = target;
    const start = performance.now();
    const { last_hidden_state: latent } = await this.#network.encode(patches, masks);
    const encoded = performance.now();
    let logits: Float32Array;
    try {
      logits = (await this.#network.decode(latent, masks)).data as Float32Array;
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
    if (this.#target?.pixelValues !== pixelValues) this.#target = targetOf(pixelValues, this.#network.config);
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
