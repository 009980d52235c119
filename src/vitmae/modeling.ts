/**
 * ViTMAEModel and ViTMAEForPreTraining, called as in transformers and transformers.js: load with
 * `from_pretrained`, then call with `{ pixel_values, noise, ... }`. Inputs and outputs are onnxruntime tensors and
 * keep the reference's names.
 */
import '../base/english.ts';
import type * as Ort from 'onnxruntime-web';
import { LensError } from '../base/errors.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import type { ViTMAEConfig } from '../mae/config.ts';
import { imageHeight, imageWidth, patchCount, valueCount } from '../mae/geometry.ts';
import { reconstructionLoss } from '../mae/loss.ts';
import { type Masking, randomMasking } from '../mae/masking.ts';
import { patchify } from '../mae/patches.ts';
import { type Encoded, Network, type NetworkOptions } from './network.ts';

export interface ViTMAEInputs {
  /** [B, 3, S, S] float32, normalised. */
  readonly pixel_values: Ort.Tensor;
  /** [B, L] float32 or float64; the smallest values are kept. Random where absent, as in the reference. */
  readonly noise?: Ort.Tensor;
  /** [heads] or [layers, heads] float32, 1 = keep. */
  readonly head_mask?: Ort.Tensor;
  readonly output_attentions?: boolean;
  readonly output_hidden_states?: boolean;
  /** The part of the patches to remove, 0 to 1; the config's where absent. */
  readonly mask_ratio?: number;
}

interface ViTMAESharedOutput {
  /** [B, L] float32, 1 = removed. */
  readonly mask: Ort.Tensor;
  /** [B, L] int64 */
  readonly ids_restore: Ort.Tensor;
  /** layers + 1 tensors [B, T, D], on request. */
  readonly hidden_states?: readonly Ort.Tensor[];
  /** One tensor [B, heads, T, T] for each layer, on request. */
  readonly attentions?: readonly Ort.Tensor[];
}

export interface ViTMAEModelOutput extends ViTMAESharedOutput {
  /** [B, T, D] */
  readonly last_hidden_state: Ort.Tensor;
}

export interface ViTMAEForPreTrainingOutput extends ViTMAESharedOutput {
  /** [B, L, p·p·3] */
  readonly logits: Ort.Tensor;
  /** null when no patch is masked, where the reference gives 0/0. */
  readonly loss: number | null;
}

/** The encoder: what is left after pre-training. */
class ViTMAEModel {
  readonly config: ViTMAEConfig;
  protected readonly network: Network;

  protected constructor(network: Network) {
    this.config = network.config;
    this.network = network;
  }

  /** @throws LensError when the sessions cannot be made; see `Session.create` */
  static async from_pretrained(checkpoint: Checkpoint, options: NetworkOptions): Promise<ViTMAEModel> {
    return new ViTMAEModel(await Network.create(checkpoint, options, { decoder: false }));
  }

  /** @throws LensError `mask-invalid` when pixels or noise have the wrong shape */
  async call(inputs: ViTMAEInputs): Promise<ViTMAEModelOutput> {
    const { masks, encoded } = await this.encode(inputs);
    return {
      ...this.sharedOutput(masks, encoded),
      last_hidden_state: await this.network.download(encoded.last_hidden_state),
    };
  }

  /** Frees the sessions; the model cannot be called afterwards. */
  dispose(): Promise<void> {
    return this.network.dispose();
  }

  protected async encode(
    inputs: ViTMAEInputs,
  ): Promise<{ patches: Float32Array; masks: Masking[]; encoded: Encoded }> {
    const patches = this.patchesOf(inputs.pixel_values);
    const masks = this.masksOf(inputs);
    const encoded = await this.network.encode(patches, masks, {
      hiddenStates: inputs.output_hidden_states === true,
      attentions: inputs.output_attentions === true,
      headMask: inputs.head_mask === undefined ? undefined : this.headMaskOfLayers(inputs.head_mask),
    });
    return { patches, masks, encoded };
  }

  protected sharedOutput(masks: readonly Masking[], encoded: Encoded): ViTMAESharedOutput {
    const { Tensor } = this.network.backend.ort;
    const dims = [masks.length, patchCount(this.network.geometry.grid)];
    const { last_hidden_state: _, ...onRequest } = encoded;
    return {
      mask: new Tensor('float32', Float32Array.from(masks.flatMap(({ mask }) => [...mask])), dims),
      ids_restore: new Tensor(
        'int64',
        BigInt64Array.from(masks.flatMap(({ idsRestore }) => [...idsRestore].map(BigInt))),
        dims,
      ),
      ...onRequest,
    };
  }

  private patchesOf(pixelValues: Ort.Tensor): Float32Array {
    const { geometry } = this.network;
    const shape = [geometry.channels, imageHeight(geometry), imageWidth(geometry)];
    const [batch, ...dims] = pixelValues.dims;
    if (batch === undefined || dims.join() !== shape.join()) {
      throw new LensError('image-unsupported/pixel-values', { shape: pixelValues.dims, wanted: shape });
    }
    const pixels = pixelValues.data as Float32Array;
    const patches = new Float32Array(pixels.length);
    const size = valueCount(geometry);
    for (let b = 0; b < batch; b++)
      patches.set(patchify(pixels.subarray(b * size, (b + 1) * size), geometry), b * size);
    return patches;
  }

  private masksOf(inputs: ViTMAEInputs): Masking[] {
    const batch = inputs.pixel_values.dims[0] ?? 0;
    const length = patchCount(this.network.geometry.grid);
    const noise = inputs.noise?.data ?? Float64Array.from({ length: batch * length }, Math.random);
    if (
      noise.length !== batch * length ||
      !(noise instanceof Float32Array || noise instanceof Float64Array)
    ) {
      throw new LensError('mask-invalid/noise', { batch, length });
    }
    return Array.from({ length: batch }, (_, b) =>
      randomMasking(
        noise.subarray(b * length, (b + 1) * length),
        inputs.mask_ratio ?? this.config.mask_ratio,
      ),
    );
  }

  private headMaskOfLayers(headMask: Ort.Tensor): Float32Array {
    const { num_hidden_layers: layers, num_attention_heads: heads } = this.config;
    const values = headMask.data;
    const dims = headMask.dims.join();
    if (!(values instanceof Float32Array) || (dims !== `${heads}` && dims !== `${layers},${heads}`)) {
      throw new LensError('mask-invalid/head-mask', { layers, heads });
    }
    const all = new Float32Array(layers * heads);
    for (let i = 0; i < all.length; i++) all[i] = values[i % values.length] ?? 1;
    return all;
  }
}

/** Encoder and decoder: paints every patch from the visible ones. */
export class ViTMAEForPreTraining extends ViTMAEModel {
  static override async from_pretrained(
    checkpoint: Checkpoint,
    options: NetworkOptions,
  ): Promise<ViTMAEForPreTraining> {
    return new ViTMAEForPreTraining(await Network.create(checkpoint, options));
  }

  override async call(inputs: ViTMAEInputs): Promise<ViTMAEForPreTrainingOutput & ViTMAEModelOutput> {
    const { patches, masks, encoded } = await this.encode(inputs);
    const logits = await this.network.decode(encoded.last_hidden_state, masks);
    const mask = Uint8Array.from(masks.flatMap(({ mask }) => [...mask]));
    const { loss } = reconstructionLoss(
      logits.data as Float32Array,
      patches,
      mask,
      this.config.norm_pix_loss,
    );
    const last_hidden_state = await this.network.download(encoded.last_hidden_state);
    return { ...this.sharedOutput(masks, encoded), last_hidden_state, logits, loss };
  }
}
