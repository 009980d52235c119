/**
 * ViTMAEModel and ViTMAEForPreTraining, called as in transformers and transformers.js: load with
 * `from_pretrained`, then call with `{ pixel_values, noise, ... }`. Inputs and outputs are onnxruntime tensors and
 * keep the reference's names.
 */
import '../base/english.ts';
import type * as Ort from 'onnxruntime-web';
import { LensError } from '../base/errors.ts';
import type { Checkpoint, ReadTensor } from '../checkpoint/checkpoint.ts';
import { buildDecoder } from '../graph/decoder.ts';
import { buildEncoder, type EncoderVariant } from '../graph/encoder.ts';
import type { GraphOptions } from '../graph/graph-options.ts';
import type { ViTMAEConfig } from '../mae/config.ts';
import {
  type Geometry,
  geometryOf,
  imageHeight,
  imageWidth,
  patchCount,
  patchLength,
  valueCount,
} from '../mae/geometry.ts';
import { reconstructionLoss } from '../mae/loss.ts';
import { type Masking, randomMasking } from '../mae/masking.ts';
import { patchify } from '../mae/patches.ts';
import { type Backend, type Feeds, type Outputs, Session } from '../runtime/session/session.ts';

type Mask = Pick<Masking, 'idsKeep' | 'idsRestore'>;

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

export interface ViTMAEOptions {
  readonly backend: Backend;
  readonly form: GraphOptions;
}

/** The encoder: what is left after pre-training. */
class ViTMAEModel {
  readonly config: ViTMAEConfig;
  protected readonly geometry: Geometry;
  protected readonly readTensor: ReadTensor;
  protected readonly options: ViTMAEOptions;
  readonly #encoders = new Map<string, Promise<Session>>();

  protected constructor(config: ViTMAEConfig, readTensor: ReadTensor, options: ViTMAEOptions) {
    this.config = config;
    this.geometry = geometryOf(config);
    this.readTensor = readTensor;
    this.options = options;
  }

  /** @throws LensError when the sessions cannot be made; see `Session.create` */
  static async from_pretrained(checkpoint: Checkpoint, options: ViTMAEOptions): Promise<ViTMAEModel> {
    const model = new ViTMAEModel(checkpoint.config, await checkpoint.syncReader(), options);
    await model.encoder({});
    return model;
  }

  /** @throws LensError `mask-invalid` when pixels or noise have the wrong shape */
  async call(inputs: ViTMAEInputs): Promise<ViTMAEModelOutput> {
    const { masks, outputs } = await this.runEncoder(inputs);
    return {
      ...this.sharedOutput(inputs, masks, outputs),
      last_hidden_state: tensor(outputs, 'last_hidden_state'),
    };
  }

  /**
   * The encoder's forward pass on chosen patches.
   * @param patches [B, L, p·p·3] from `patchify`, one image after another; or [L, p·p·3], one for all masks
   * @param masks one for each image of the batch, all of one length
   */
  async encode(
    patches: Float32Array,
    masks: readonly Mask[],
    variant: EncoderVariant = {},
    headMask?: Ort.Tensor,
  ): Promise<Outputs> {
    const session = await this.encoder(variant);
    const feeds = this.encoderFeeds(patches, masks);
    return session.run(headMask === undefined ? feeds : { ...feeds, head_mask: headMask });
  }

  /** Frees the sessions; the model cannot be called afterwards. */
  async dispose(): Promise<void> {
    for (const session of this.#encoders.values()) await (await session).release();
    this.#encoders.clear();
  }

  protected async runEncoder(
    inputs: ViTMAEInputs,
  ): Promise<{ patches: Float32Array; masks: Masking[]; outputs: Outputs }> {
    const patches = this.patchesOf(inputs.pixel_values);
    const masks = this.masksOf(inputs);
    const variant = {
      hiddenStates: inputs.output_hidden_states === true,
      attentions: inputs.output_attentions === true,
      headMask: inputs.head_mask !== undefined,
    };
    const headMask = inputs.head_mask === undefined ? undefined : this.headMaskOfLayers(inputs.head_mask);
    return { patches, masks, outputs: await this.encode(patches, masks, variant, headMask) };
  }

  protected sharedOutput(
    inputs: ViTMAEInputs,
    masks: readonly Masking[],
    outputs: Outputs,
  ): ViTMAESharedOutput {
    const { Tensor } = this.options.backend.ort;
    const dims = [masks.length, patchCount(this.geometry.grid)];
    const layers = this.config.num_hidden_layers;
    const list = (name: string, count: number) =>
      Array.from({ length: count }, (_, i) => tensor(outputs, `${name}.${i}`));
    return {
      mask: new Tensor('float32', Float32Array.from(masks.flatMap(({ mask }) => [...mask])), dims),
      ids_restore: new Tensor(
        'int64',
        BigInt64Array.from(masks.flatMap(({ idsRestore }) => [...idsRestore].map(BigInt))),
        dims,
      ),
      ...(inputs.output_hidden_states === true ? { hidden_states: list('hidden_states', layers + 1) } : {}),
      ...(inputs.output_attentions === true ? { attentions: list('attentions', layers) } : {}),
    };
  }

  /** Variants are made when first needed; they share no weights with each other. */
  protected encoder(variant: EncoderVariant): Promise<Session> {
    const key = JSON.stringify([
      variant.hiddenStates === true,
      variant.attentions === true,
      variant.headMask === true,
    ]);
    const known = this.#encoders.get(key);
    if (known !== undefined) return known;
    const graph = buildEncoder(this.config, this.options.form, variant);
    const session = Session.create(this.options.backend, graph, this.readTensor, this.keepOnDevice());
    this.#encoders.set(key, session);
    // A failure is reported to whoever asked; the next try starts afresh.
    session.catch(() => this.#encoders.delete(key));
    return session;
  }

  protected keepOnDevice(): readonly string[] {
    return [];
  }

  private encoderFeeds(patches: Float32Array, masks: readonly Mask[]): Feeds {
    const { Tensor } = this.options.backend.ort;
    const length = patchCount(this.geometry.grid);
    const width = patchLength(this.geometry);
    const kept = masks[0]?.idsKeep.length ?? 0;
    // One row that no token refers to, where nothing is kept; see buildEncoder.
    const rows = Math.max(1, masks.length * kept);
    const valuesPerImage = patches.length === length * width ? 0 : length * width;
    const visible = new Float32Array(rows * width);
    const positions = new Int32Array(rows);
    const tokenIndex = new Int32Array(masks.length * (1 + kept));
    masks.forEach(({ idsKeep }, b) => {
      idsKeep.forEach((id, k) => {
        const row = b * kept + k;
        const from = b * valuesPerImage + id * width;
        visible.set(patches.subarray(from, from + width), row * width);
        positions[row] = id;
        tokenIndex[b * (1 + kept) + 1 + k] = 1 + row;
      });
    });
    return {
      patches: new Tensor('float32', visible, [rows, width]),
      positions: new Tensor('int32', positions, [rows]),
      token_index: new Tensor('int32', tokenIndex, [masks.length, 1 + kept]),
    };
  }

  private patchesOf(pixelValues: Ort.Tensor): Float32Array {
    const { geometry } = this;
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
    const length = patchCount(this.geometry.grid);
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

  private headMaskOfLayers(headMask: Ort.Tensor): Ort.Tensor {
    const { num_hidden_layers: layers, num_attention_heads: heads } = this.config;
    const values = headMask.data;
    const dims = headMask.dims.join();
    if (!(values instanceof Float32Array) || (dims !== `${heads}` && dims !== `${layers},${heads}`)) {
      throw new LensError('mask-invalid/head-mask', { layers, heads });
    }
    const all = new Float32Array(layers * heads);
    for (let i = 0; i < all.length; i++) all[i] = values[i % values.length] ?? 1;
    return new this.options.backend.ort.Tensor('float32', all, [layers, heads]);
  }
}

/** Encoder and decoder: paints every patch from the visible ones. */
export class ViTMAEForPreTraining extends ViTMAEModel {
  #decoder: Promise<Session> | null = null;

  static override async from_pretrained(
    checkpoint: Checkpoint,
    options: ViTMAEOptions,
  ): Promise<ViTMAEForPreTraining> {
    const model = new ViTMAEForPreTraining(checkpoint.config, await checkpoint.syncReader(), options);
    await model.encoder({});
    await model.decoder();
    return model;
  }

  override async call(inputs: ViTMAEInputs): Promise<ViTMAEForPreTrainingOutput & ViTMAEModelOutput> {
    const { patches, masks, outputs } = await this.runEncoder(inputs);
    const latent = tensor(outputs, 'last_hidden_state');
    const logits = await this.decode(latent, masks);
    const mask = Uint8Array.from(masks.flatMap(({ mask }) => [...mask]));
    const { loss } = reconstructionLoss(
      logits.data as Float32Array,
      patches,
      mask,
      this.config.norm_pix_loss,
    );
    const last_hidden_state = await onProcessor(this.options.backend, latent);
    return { ...this.sharedOutput(inputs, masks, outputs), last_hidden_state, logits, loss };
  }

  /**
   * The decoder's forward pass.
   * @param latent [B, T, D], `last_hidden_state` from `encode`; stays valid
   * @returns logits [B, L, p·p·3]
   */
  async decode(latent: Ort.Tensor, masks: readonly Mask[]): Promise<Ort.Tensor> {
    const session = await this.decoder();
    return tensor(
      await session.run({ last_hidden_state: latent, token_index: this.decoderIndex(masks) }),
      'logits',
    );
  }

  override async dispose(): Promise<void> {
    await super.dispose();
    if (this.#decoder !== null) await (await this.#decoder).release();
    this.#decoder = null;
  }

  /** The latent goes from encoder to decoder without leaving the GPU. */
  protected override keepOnDevice(): readonly string[] {
    return ['last_hidden_state'];
  }

  private decoder(): Promise<Session> {
    if (this.#decoder === null) {
      const graph = buildDecoder(this.config, this.options.form);
      this.#decoder = Session.create(this.options.backend, graph, this.readTensor);
      this.#decoder.catch(() => {
        this.#decoder = null;
      });
    }
    return this.#decoder;
  }

  /** Per image: the CLS row, then for each patch its row among the latents, or the mask token's after them. */
  private decoderIndex(masks: readonly Mask[]): Ort.Tensor {
    const length = patchCount(this.geometry.grid);
    const kept = masks[0]?.idsKeep.length ?? 0;
    const tokens = 1 + kept;
    const maskToken = masks.length * tokens;
    const index = new Int32Array(masks.length * (1 + length));
    masks.forEach(({ idsRestore }, b) => {
      index[b * (1 + length)] = b * tokens;
      idsRestore.forEach((place, l) => {
        index[b * (1 + length) + 1 + l] = place < kept ? b * tokens + 1 + place : maskToken;
      });
    });
    return new this.options.backend.ort.Tensor('int32', index, [masks.length, 1 + length]);
  }
}

function tensor(outputs: Outputs, name: string): Ort.Tensor {
  const found = outputs[name];
  if (found === undefined) throw new LensError('engine-failed/no-output', { name });
  return found;
}

/** A copy of a tensor that any code can read; the one on the GPU is disposed of. */
async function onProcessor(backend: Backend, onDevice: Ort.Tensor): Promise<Ort.Tensor> {
  if (onDevice.location === 'cpu') return onDevice;
  const data = (await onDevice.getData(true)) as Float32Array;
  return new backend.ort.Tensor('float32', data, onDevice.dims);
}
