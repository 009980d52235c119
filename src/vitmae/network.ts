/**
 * The network: encoder and decoder of one checkpoint on one device, fed with patches and masks. What the page and the
 * model classes (modeling.ts) both stand on. One session for each half serves everything: any grid of patches, what is
 * switched off, and hidden states, which are fetched only when they are asked for.
 */
import type * as Ort from 'onnxruntime-web';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import type { GraphOptions } from '../graph/graph-options.ts';
import type { ViTMAEConfig } from '../mae/config.ts';
import { type Geometry, geometryOf } from '../mae/geometry.ts';
import type { Backend } from '../runtime/session/session.ts';
import { readable } from '../runtime/session/tensors.ts';
import { DecoderHalf } from './decoder-half.ts';
import { EncoderHalf } from './encoder-half.ts';
import type { Mask, Parts, Placement } from './half.ts';
import { type Inspection, type InspectionRequest, inspect } from './inspection.ts';
import type { Switches } from './switches.ts';

export interface NetworkOptions {
  readonly backend: Backend;
  readonly graphOptions: GraphOptions;
}

/** What else the encoder takes and gives. */
export interface EncoderRequest extends Switches, Placement {
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
  readonly #parts: Parts;
  #encoder: Promise<EncoderHalf> | null = null;
  #decoder: Promise<DecoderHalf> | null = null;

  private constructor(parts: Parts) {
    this.config = parts.config;
    this.geometry = geometryOf(parts.config);
    this.backend = parts.backend;
    this.#parts = parts;
  }

  /**
   * @param halves without `decoder` that session is made at the first `decode`
   * @throws LensError when the sessions cannot be made; see `Session.create`
   */
  static async create(
    checkpoint: Checkpoint,
    { backend, graphOptions }: NetworkOptions,
    { decoder = true }: { readonly decoder?: boolean } = {},
  ): Promise<Network> {
    const { config } = checkpoint;
    const readTensor = await checkpoint.syncReader();
    const network = new Network({ config, backend, graphOptions, readTensor });
    try {
      await network.#theEncoder();
      if (decoder) await network.#theDecoder();
    } catch (error) {
      await network.dispose();
      throw error;
    }
    return network;
  }

  /**
   * The encoder's forward pass on chosen patches.
   * @param patches [B, L, p·p·C] from `patchify`, one image after another; or [L, p·p·C], one for all masks
   * @param masks one for each image of the batch, all of one length
   * @throws LensError `mask-invalid` for a head mask of another size or a layer that does not exist
   */
  async encode(
    patches: Float32Array,
    masks: readonly Mask[],
    request: EncoderRequest = {},
  ): Promise<Encoded> {
    const { hiddenStates = false, attentions = false, headMask } = request;
    const encoder = await this.#theEncoder();
    const { layers } = encoder.stack;
    const states = hiddenStates ? layers + 1 : attentions ? layers : 0;
    const fetched = Array.from({ length: states }, (_, i) => i);
    const encoded = await encoder.encode(patches, masks, request, fetched);
    const hidden = [...encoded.hiddenStates.values()];
    const maps: Ort.Tensor[] = [];
    for (let i = 0; attentions && i < layers; i++)
      maps.push(await encoder.attention(i, hidden[i] as Ort.Tensor, headMask));
    return {
      last_hidden_state: encoded.output,
      ...(hiddenStates ? { hidden_states: hidden } : {}),
      ...(attentions ? { attentions: maps } : {}),
    };
  }

  /**
   * The decoder's forward pass.
   * @param latent [B, T, D], `last_hidden_state` from `encode`; stays valid
   * @returns logits [B, L, p·p·C]
   */
  async decode(
    latent: Ort.Tensor,
    masks: readonly Mask[],
    request: Switches & Placement = {},
  ): Promise<Ort.Tensor> {
    const decoder = await this.#theDecoder();
    return (await decoder.decode(latent, masks, request, [])).output;
  }

  /**
   * Both halves, and what happens inside of them: hidden states and attentions of either, and the lens through depth.
   * @param patches as in `encode`
   * @throws LensError `cancelled` once the request's signal was given, or `mask-invalid` as in `encode`
   */
  async inspect(
    patches: Float32Array,
    masks: readonly Mask[],
    request: InspectionRequest = {},
  ): Promise<Inspection> {
    return inspect(await this.#theEncoder(), await this.#theDecoder(), patches, masks, request);
  }

  /** A tensor that any code can read; the one that was given is used up. */
  async download(tensor: Ort.Tensor): Promise<Ort.Tensor> {
    return readable(this.backend, tensor);
  }

  /** Frees the sessions; the network cannot be run afterwards. */
  async dispose(): Promise<void> {
    for (const half of [this.#encoder, this.#decoder]) await (await half)?.dispose();
    this.#encoder = null;
    this.#decoder = null;
  }

  #theEncoder(): Promise<EncoderHalf> {
    this.#encoder ??= EncoderHalf.create(this.#parts).catch((error: unknown) => {
      // A failure is reported to whoever asked; the next try starts afresh.
      this.#encoder = null;
      throw error;
    });
    return this.#encoder;
  }

  #theDecoder(): Promise<DecoderHalf> {
    this.#decoder ??= DecoderHalf.create(this.#parts).catch((error: unknown) => {
      this.#decoder = null;
      throw error;
    });
    return this.#decoder;
  }
}
