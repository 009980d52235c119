/** What all models have: where they come from, the network that they run on, and where they are saved to. */
import { Tensor } from '@xenova/transformers';
import { throwIfCancelled } from '../base/cancel.ts';
import { LensError } from '../base/errors.ts';
import { reasonText } from '../base/reason.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import type { WrittenType } from '../checkpoint/formats/safetensors-writer.ts';
import { reasons } from '../locales/en/reasons.ts';
import type { ViTMAEConfig as ModelConfig } from '../mae/config.ts';
import { type Geometry, geometryOf, patchCount, patchLength, valueCount } from '../mae/geometry.ts';
import type { Masking } from '../mae/masking.ts';
import { patchify, unpatchify } from '../mae/patches.ts';
import type { DeviceReport } from '../runtime/device/choice.ts';
import { refuseOthers, refuseUnknown } from './arguments.ts';
import { Callable } from './callable.ts';
import { ViTMAEConfig } from './configuration.ts';
import type { Placement } from './half.ts';
import { randomCheckpoint } from './initialization.ts';
import {
  checkNames,
  float32Of,
  headMaskOf,
  imagesOf,
  masksOf,
  type TensorLike,
  type ViTMAEInputs,
  wrongTensor,
} from './inputs.ts';
import type { Encoded, Network } from './network.ts';
import { type OpenedNetwork, openNetwork } from './open-network.ts';
import {
  CONFIG_OPTIONS,
  checkDeviceOptions,
  DEVICE_OPTIONS,
  type DeviceOptions,
  type ModelDevice,
  type PretrainedOptions,
  type RandomOptions,
  type SaveOptions,
  SOURCE_OPTIONS,
} from './options.ts';
import { loadRuntime } from './runtime.ts';
import { type SaveTarget, saveFiles, textFile, weightsFile } from './saving.ts';
import { nameOf, openPretrained, type PretrainedSource } from './sources.ts';
import { toTensor } from './to-tensor.ts';

const ENCODER = /^vit\./;

/** What a run needs, checked. */
export interface Prepared extends Placement {
  readonly geometry: Geometry;
  readonly masks: readonly Masking[];
  /** [B, L, N] */
  readonly patches: Float32Array;
  readonly headMask: Float32Array | undefined;
  readonly attentions: boolean;
  readonly hiddenStates: boolean;
}

interface ModelClass<M> {
  new (config: ViTMAEConfig, options?: DeviceOptions, weights?: Checkpoint): M;
  readonly prototype: M;
}

export abstract class ViTMAEPreTrainedModel extends Callable {
  readonly config: ViTMAEConfig;
  readonly #options: DeviceOptions;
  readonly #weights: Checkpoint;
  #opened: Promise<OpenedNetwork> | null = null;
  #report: DeviceReport | null = null;
  #disposed = false;

  /**
   * A model with random weights, the same for the same seed. It is compiled at its first call.
   * @throws LensError `argument-invalid`, `seed-invalid`
   */
  constructor(config: ViTMAEConfig, options: RandomOptions = {}, /** @internal */ weights?: Checkpoint) {
    super();
    if (!(config instanceof ViTMAEConfig))
      throw new LensError('argument-invalid/missing', { to: this.kind, name: 'a ViTMAEConfig' });
    refuseUnknown(this.kind, options, [...DEVICE_OPTIONS, 'seed']);
    checkDeviceOptions(options);
    this.config = config;
    this.#options = options;
    const part = this.hasDecoder ? 'all' : 'encoder';
    this.#weights =
      weights ?? randomCheckpoint(this.graphConfig(config.toModelConfig()), options.seed ?? 0, part);
  }

  /** The class's name, for sentences. */
  protected get kind(): string {
    return 'ViTMAEPreTrainedModel';
  }

  protected get hasDecoder(): boolean {
    return true;
  }

  /** What the graph is built from, where that is not the config. */
  protected graphConfig(config: ModelConfig): ModelConfig {
    return config;
  }

  /**
   * Loads a model and compiles it.
   * Rejects with a LensError: `not-found`, `network`, `config-…`, `checkpoint-…`, `storage-full`, `out-of-memory`,
   * `engine-failed`, `cancelled`, `argument-invalid`. Nothing stays allocated then.
   */
  static async from_pretrained<M extends ViTMAEPreTrainedModel>(
    this: ModelClass<M>,
    source: PretrainedSource,
    options: PretrainedOptions = {},
  ): Promise<M> {
    refuseUnknown('from_pretrained', options, [...SOURCE_OPTIONS, ...DEVICE_OPTIONS, ...CONFIG_OPTIONS]);
    checkDeviceOptions(options);
    const { signal, progress_callback } = options;
    // biome-ignore lint/complexity/noThisInStatic: the class that was called, not this one
    const needs = (this.prototype as ViTMAEPreTrainedModel).hasDecoder ? 'all' : 'encoder';
    const checkpoint = await openPretrained(source, options, needs);
    const given = Object.entries(options).filter(
      ([key, value]) => CONFIG_OPTIONS.includes(key) && value !== undefined,
    );
    const saved = ViTMAEConfig.fromJson(checkpoint.configJson, checkpoint.config);
    const config = new ViTMAEConfig({ ...saved.to_dict(), ...Object.fromEntries(given) });
    const device = Object.fromEntries(
      Object.entries(options).filter(([key]) => DEVICE_OPTIONS.includes(key)),
    );
    const model = new this(config, device, checkpoint);
    try {
      throwIfCancelled(signal, 'cancelled/model');
      await model.compile();
      throwIfCancelled(signal, 'cancelled/model');
    } catch (error) {
      await model.dispose();
      throw error;
    }
    progress_callback?.({ status: 'ready', name: nameOf(source) });
    return model;
  }

  /**
   * A model on a network that is there already.
   * @internal
   */
  static onNetwork<M extends ViTMAEPreTrainedModel>(
    this: ModelClass<M>,
    weights: Checkpoint,
    opened: OpenedNetwork,
  ): M {
    const model = new this(new ViTMAEConfig(weights.config), {}, weights);
    model.#opened = Promise.resolve(opened);
    model.#report = opened.chosen.report;
    return model;
  }

  /** Makes the sessions, which the first call does otherwise. */
  async compile(): Promise<void> {
    await this.network();
  }

  /** What the model runs on: device, dtype, threads, and why it is not what was asked for. null before it is compiled. */
  get device(): ModelDevice | null {
    if (this.#report === null) return null;
    const { reason, dtypeReason, ...device } = this.#report;
    return {
      ...device,
      ...(reason === undefined ? {} : { reason: reasonText(reason, { reasons }) }),
      ...(dtypeReason === undefined ? {} : { dtypeReason: reasonText(dtypeReason, { reasons }) }),
    };
  }

  /** Number of parameters, position embeddings included. */
  get num_parameters(): number {
    return this.#weights.parameters;
  }

  /** Frees the sessions; the model cannot be called afterwards. Calls that run are finished first. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    const opened = this.#opened;
    this.#opened = null;
    const network = await opened?.then(
      ({ network }) => network,
      () => null,
    );
    await network?.dispose();
  }

  /**
   * Writes config.json and model.safetensors, which transformers loads.
   * @param target in Node a folder's path, or a directory handle; where absent the files are returned
   * @returns the files, where no target is given
   */
  async save_pretrained(target?: SaveTarget, options: SaveOptions = {}): Promise<readonly File[]> {
    const architecture = this.kind.replace(/^TF/, '');
    return this.#save(
      target,
      options,
      { architectures: [architecture], ...this.config.to_dict() },
      () => true,
    );
  }

  /** The encoder alone: what is left after pre-training. */
  get encoder(): { save_pretrained(target?: SaveTarget, options?: SaveOptions): Promise<readonly File[]> } {
    return {
      /** As `model.save_pretrained`, with the config and the weights that `ViTForImageClassification` takes. */
      save_pretrained: async (target, options = {}) => {
        const vit = Object.entries(this.config.to_dict()).filter(
          ([key]) => !/^decoder_|^mask_ratio$|^norm_pix_loss$/.test(key),
        );
        const config = { architectures: ['ViTModel'], ...Object.fromEntries(vit), model_type: 'vit' };
        return this.#save(target, options, config, (name) => ENCODER.test(name));
      },
    };
  }

  /**
   * Cuts images into patches.
   * @param pixelValues [B, C, H, W] float32
   * @param interpolate whether another size than the config's is welcome
   * @returns [B, L, p·p·C]: patches row by row, index inside a patch (py·p + px)·C + c
   * @throws LensError `argument-invalid`
   */
  patchify(pixelValues: TensorLike, interpolate = false): Tensor {
    const { geometry, batch, pixels } = imagesOf(pixelValues, this.#geometry(), interpolate);
    const dims = [batch, patchCount(geometry.grid), patchLength(geometry)];
    return new Tensor('float32', patchesOf(pixels, batch, geometry), dims);
  }

  /**
   * The inverse of `patchify`.
   * @param patches [B, L, p·p·C] float32, such as `logits`
   * @param originalImageSize [height, width] where it is not the config's
   * @returns [B, C, H, W]
   * @throws LensError `argument-invalid`
   */
  unpatchify(patches: TensorLike, originalImageSize: readonly [number, number] | null = null): Tensor {
    const own = this.#geometry();
    const [batch = 0, length = 0] = patches.dims;
    const { patchSize, channels } = own;
    const grid =
      originalImageSize === null
        ? own.grid
        : {
            rows: Math.floor(originalImageSize[0] / patchSize),
            columns: Math.floor(originalImageSize[1] / patchSize),
          };
    const { rows, columns } = grid;
    const geometry = { ...own, grid };
    const wanted = `float32 [batch, ${rows * columns}, ${patchLength(own)}]`;
    const values = float32Of('patches', patches, wanted);
    if (length !== rows * columns)
      throw new LensError('argument-invalid/patch-count', { patches: length, rows, columns });
    if (patches.dims.length !== 3 || patches.dims[2] !== patchLength(own))
      throw wrongTensor('patches', patches, wanted);
    const size = valueCount(geometry);
    const pixels = new Float32Array(values.length);
    for (let b = 0; b < batch; b++)
      pixels.set(unpatchify(values.subarray(b * size, (b + 1) * size), geometry), b * size);
    return new Tensor('float32', pixels, [batch, channels, rows * patchSize, columns * patchSize]);
  }

  /** @throws LensError when the sessions cannot be made; the next call tries again */
  protected network(): Promise<Network> {
    if (this.#disposed) throw new LensError('argument-invalid/disposed', { model: this.kind });
    if (this.#opened === null) {
      const { device = 'auto', dtype = 'auto', attn_implementation } = this.#options;
      const { parameters } = this.#weights;
      const opened = openNetwork(this.#weights, {
        device,
        dtype: { wanted: dtype, parameters, psnr: {} },
        attention: attn_implementation,
        loadRuntime,
        decoder: this.hasDecoder,
      });
      this.#opened = opened;
      opened.then(
        ({ chosen }) => {
          this.#report = chosen.report;
        },
        () => {
          if (this.#opened === opened) this.#opened = null;
        },
      );
    }
    return this.#opened.then(({ network }) => network);
  }

  /** @throws LensError `argument-invalid`, `mask-invalid`, `seed-invalid`, before anything is computed */
  protected prepare(inputs: ViTMAEInputs, more: readonly string[] = []): Prepared {
    if (this.#disposed) throw new LensError('argument-invalid/disposed', { model: this.kind });
    checkNames(this.kind, inputs, more);
    const { config } = this;
    const interpolate = inputs.interpolate_pos_encoding ?? false;
    if (![true, false, '2d'].includes(interpolate))
      refuseOthers('interpolate_pos_encoding', interpolate, ['true', 'false', '"2d"']);
    const { geometry, batch, pixels } = imagesOf(
      inputs.pixel_values,
      this.#geometry(),
      interpolate !== false,
    );
    const headMask = inputs.head_mask ?? null;
    return {
      geometry,
      ...(interpolate === false
        ? {}
        : { grid: geometry.grid, interpolation: interpolate === '2d' ? '2d' : 'reference' }),
      masks: masksOf(inputs, batch, geometry, config.mask_ratio),
      patches: patchesOf(pixels, batch, geometry),
      headMask:
        headMask === null
          ? undefined
          : headMaskOf('head_mask', headMask, config.num_hidden_layers, config.num_attention_heads),
      attentions: inputs.output_attentions ?? config.output_attentions,
      hiddenStates: inputs.output_hidden_states ?? config.output_hidden_states,
    };
  }

  /** mask, ids_restore, and what else was asked for. */
  protected shared(
    { masks, geometry }: Prepared,
    { hidden_states, attentions }: Omit<Encoded, 'last_hidden_state'>,
  ) {
    const dims = [masks.length, patchCount(geometry.grid)];
    const mask = Float32Array.from(masks.flatMap((one) => [...one.mask]));
    const ids = BigInt64Array.from(masks.flatMap(({ idsRestore }) => [...idsRestore].map(BigInt)));
    return {
      mask: new Tensor('float32', mask, dims),
      ids_restore: new Tensor('int64', ids, dims),
      ...(hidden_states === undefined ? {} : { hidden_states: hidden_states.map(toTensor) }),
      ...(attentions === undefined ? {} : { attentions: attentions.map(toTensor) }),
    };
  }

  #geometry(): Geometry {
    return geometryOf(this.config);
  }

  async #save(
    target: SaveTarget | undefined,
    options: SaveOptions,
    config: Readonly<Record<string, unknown>>,
    wants: (name: string) => boolean,
  ): Promise<readonly File[]> {
    refuseUnknown('save_pretrained', options, ['dtype']);
    refuseOthers('dtype', options.dtype, ['fp32', 'fp16']);
    const type: WrittenType = options.dtype === 'fp16' ? 'float16' : 'float32';
    const tensors = [...this.#weights.tensors.values()].filter(({ name }) => wants(name));
    const files = [
      textFile('config.json', { ...config, torch_dtype: type }),
      weightsFile('model.safetensors', tensors, type, (name, into) => this.#weights.readFloat32(name, into)),
    ];
    return saveFiles(files, target);
  }
}

function patchesOf(pixels: Float32Array, batch: number, geometry: Geometry): Float32Array {
  const size = valueCount(geometry);
  const patches = new Float32Array(pixels.length);
  for (let b = 0; b < batch; b++)
    patches.set(patchify(pixels.subarray(b * size, (b + 1) * size), geometry), b * size);
  return patches;
}
