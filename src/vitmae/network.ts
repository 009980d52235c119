/**
 * The network: sessions of encoder and decoder for one checkpoint on one device, fed with patches and masks. What the
 * page and the model classes (modeling.ts) both stand on.
 */
import type * as Ort from 'onnxruntime-web';
import { LensError } from '../base/errors.ts';
import type { Checkpoint, ReadTensor } from '../checkpoint/checkpoint.ts';
import { buildDecoder } from '../graph/decoder.ts';
import { buildEncoder, type EncoderVariant } from '../graph/encoder.ts';
import type { GraphOptions } from '../graph/graph-options.ts';
import type { ViTMAEConfig } from '../mae/config.ts';
import { type Geometry, geometryOf, patchCount, patchLength } from '../mae/geometry.ts';
import type { Masking } from '../mae/masking.ts';
import { type Backend, type Feeds, type Outputs, Session } from '../runtime/session/session.ts';

/** What of a masking the network takes. */
export type Mask = Pick<Masking, 'idsKeep' | 'idsRestore'>;

export interface NetworkOptions {
  readonly backend: Backend;
  readonly graphOptions: GraphOptions;
}

/** What else the encoder takes and gives. */
export interface EncoderRequest {
  /** [layers, heads], 1 = keep: multiplies each head's attention probabilities. */
  readonly headMask?: Float32Array | undefined;
  readonly hiddenStates?: boolean;
  readonly attentions?: boolean;
}

export interface Encoded {
  /** [B, T, D]; lies where the decoder takes it, on WebGPU on the device. The caller disposes of it. */
  readonly last_hidden_state: Ort.Tensor;
  /** layers + 1 tensors [B, T, D], the last one before the last layer norm; on request. */
  readonly hidden_states?: readonly Ort.Tensor[];
  /** One tensor [B, heads, T, T] for each layer, after softmax and head mask; on request. */
  readonly attentions?: readonly Ort.Tensor[];
}

export class Network {
  readonly config: ViTMAEConfig;
  readonly geometry: Geometry;
  readonly backend: Backend;
  readonly #graphOptions: GraphOptions;
  readonly #readTensor: ReadTensor;
  readonly #encoders = new Map<string, Promise<Session>>();
  #decoder: Promise<Session> | null = null;

  private constructor(config: ViTMAEConfig, readTensor: ReadTensor, options: NetworkOptions) {
    this.config = config;
    this.geometry = geometryOf(config);
    this.backend = options.backend;
    this.#graphOptions = options.graphOptions;
    this.#readTensor = readTensor;
  }

  /**
   * @param halves without `decoder` that session is made at the first `decode`
   * @throws LensError when the sessions cannot be made; see `Session.create`
   */
  static async create(
    checkpoint: Checkpoint,
    options: NetworkOptions,
    { decoder = true }: { readonly decoder?: boolean } = {},
  ): Promise<Network> {
    const network = new Network(checkpoint.config, await checkpoint.syncReader(), options);
    await network.#encoder({});
    if (decoder) await network.#decoderSession();
    return network;
  }

  /**
   * The encoder's forward pass on chosen patches.
   * @param patches [B, L, p·p·C] from `patchify`, one image after another; or [L, p·p·C], one for all masks
   * @param masks one for each image of the batch, all of one length
   */
  async encode(
    patches: Float32Array,
    masks: readonly Mask[],
    request: EncoderRequest = {},
  ): Promise<Encoded> {
    const { num_hidden_layers: layers, num_attention_heads: heads } = this.config;
    const { headMask, hiddenStates = false, attentions = false } = request;
    const session = await this.#encoder({ hiddenStates, attentions, headMask: headMask !== undefined });
    const outputs = await session.run({
      ...this.#encoderFeeds(patches, masks),
      ...(headMask === undefined
        ? {}
        : { head_mask: new this.backend.ort.Tensor('float32', headMask, [layers, heads]) }),
    });
    const list = (name: string, count: number) =>
      Array.from({ length: count }, (_, i) => outputOf(outputs, `${name}.${i}`));
    return {
      last_hidden_state: outputOf(outputs, 'last_hidden_state'),
      ...(hiddenStates ? { hidden_states: list('hidden_states', layers + 1) } : {}),
      ...(attentions ? { attentions: list('attentions', layers) } : {}),
    };
  }

  /**
   * The decoder's forward pass.
   * @param latent [B, T, D], `last_hidden_state` from `encode`; stays valid
   * @returns logits [B, L, p·p·C]
   */
  async decode(latent: Ort.Tensor, masks: readonly Mask[]): Promise<Ort.Tensor> {
    const session = await this.#decoderSession();
    const feeds = { last_hidden_state: latent, token_index: this.#decoderIndex(masks) };
    return outputOf(await session.run(feeds), 'logits');
  }

  /** A tensor that any code can read; the one on the GPU is disposed of. */
  async download(tensor: Ort.Tensor): Promise<Ort.Tensor> {
    if (tensor.location === 'cpu') return tensor;
    const data = (await tensor.getData(true)) as Float32Array;
    return new this.backend.ort.Tensor('float32', data, tensor.dims);
  }

  /** Frees the sessions; the network cannot be run afterwards. */
  async dispose(): Promise<void> {
    for (const session of this.#encoders.values()) await (await session).release();
    this.#encoders.clear();
    if (this.#decoder !== null) await (await this.#decoder).release();
    this.#decoder = null;
  }

  /** Variants are made when first needed; they share no weights with each other. */
  #encoder(variant: EncoderVariant): Promise<Session> {
    const key = JSON.stringify([
      variant.hiddenStates === true,
      variant.attentions === true,
      variant.headMask === true,
    ]);
    const known = this.#encoders.get(key);
    if (known !== undefined) return known;
    const graph = buildEncoder(this.config, this.#graphOptions, variant);
    // The latent goes from encoder to decoder without leaving the GPU.
    const session = Session.create(this.backend, graph, this.#readTensor, ['last_hidden_state']);
    this.#encoders.set(key, session);
    // A failure is reported to whoever asked; the next try starts afresh.
    session.catch(() => this.#encoders.delete(key));
    return session;
  }

  #decoderSession(): Promise<Session> {
    if (this.#decoder === null) {
      const graph = buildDecoder(this.config, this.#graphOptions);
      this.#decoder = Session.create(this.backend, graph, this.#readTensor);
      this.#decoder.catch(() => {
        this.#decoder = null;
      });
    }
    return this.#decoder;
  }

  #encoderFeeds(patches: Float32Array, masks: readonly Mask[]): Feeds {
    const { Tensor } = this.backend.ort;
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

  /** Per image: the CLS row, then for each patch its row among the latents, or the mask token's after them. */
  #decoderIndex(masks: readonly Mask[]): Ort.Tensor {
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
    return new this.backend.ort.Tensor('int32', index, [masks.length, 1 + length]);
  }
}

function outputOf(outputs: Outputs, name: string): Ort.Tensor {
  const found = outputs[name];
  if (found === undefined) throw new LensError('engine-failed/no-output', { name });
  return found;
}
