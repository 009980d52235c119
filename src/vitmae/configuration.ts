import { LensError } from '../base/errors.ts';
import { readJson } from '../checkpoint/bytes/json.ts';
import { CONFIG } from '../checkpoint/file-names.ts';
import { type ViTMAEConfig as ModelConfig, parseConfig } from '../mae/config.ts';
import { lenKeep } from '../mae/masking.ts';
import { refuseNoBoolean, refuseUnknown } from './arguments.ts';
import { type SaveTarget, saveFiles, textFile } from './saving.ts';
import { type PretrainedSource, type SourceOptions, smallFile } from './sources.ts';

/** What a config may say beside the model's own keys, and what counts where a call says nothing. */
export interface CallDefaults {
  /** Whether calls return attentions; false where absent. */
  output_attentions?: boolean;
  /** Whether calls return hidden states; false where absent. */
  output_hidden_states?: boolean;
  /** Whether calls return an object; false for a tuple. True where absent. */
  return_dict?: boolean;
}

/** The values of a config; keys and defaults are those of transformers' ViTMAEConfig. */
export type ViTMAEConfigValues = { -readonly [K in keyof ModelConfig]?: ModelConfig[K] } & CallDefaults;

const CALL_DEFAULTS = ['output_attentions', 'output_hidden_states', 'return_dict'] as const;

/** Of every config of transformers; they stand in config.json and say nothing about this model. */
const OTHER_KEYS = [
  'architectures',
  'attn_implementation',
  'dtype',
  'id2label',
  'label2id',
  'model_type',
  'problem_type',
  'torch_dtype',
  'torchscript',
  'transformers_version',
  'use_bfloat16',
  'use_return_dict',
];

/**
 * The configuration of a ViTMAE model: 19 values, named as in config.json and with the defaults of
 * `facebook/vit-mae-base`. `new ViTMAEConfig()` describes that model.
 *
 * Sizes are fixed when a model is made of the config. `mask_ratio`, `norm_pix_loss`, `output_attentions`,
 * `output_hidden_states` and `return_dict` can be assigned at any time and count from the next call on.
 */
export class ViTMAEConfig {
  /** Always "vit_mae". */
  readonly model_type = 'vit_mae';
  /** D: width of the encoder's tokens. 768. */
  readonly hidden_size!: number;
  /** Layers of the encoder. 12. */
  readonly num_hidden_layers!: number;
  /** Heads of each of them; divides `hidden_size`. 12. */
  readonly num_attention_heads!: number;
  /** Width of the encoder's MLP. 3072. */
  readonly intermediate_size!: number;
  /** Activation: "gelu" (exact), "relu", "selu" or "gelu_new" (tanh). "gelu". */
  readonly hidden_act!: ModelConfig['hidden_act'];
  /** Dropout in training; computing a forward pass here is evaluation, in which there is none. 0. */
  readonly hidden_dropout_prob!: number;
  /** Likewise, of attention probabilities. 0. */
  readonly attention_probs_dropout_prob!: number;
  /** Standard deviation of random weights. 0.02. */
  readonly initializer_range!: number;
  /** Epsilon of layer normalisation. 1e-12. */
  readonly layer_norm_eps!: number;
  /** Side of the image in pixels, or [height, width]. 224. */
  readonly image_size!: ModelConfig['image_size'];
  /** p: side of a patch in pixels. 16. */
  readonly patch_size!: ModelConfig['patch_size'];
  /** C: channels of the image. 3. */
  readonly num_channels!: ModelConfig['num_channels'];
  /** Whether queries, keys and values have a bias. true. */
  readonly qkv_bias!: boolean;
  /** Heads of each decoder layer; divides `decoder_hidden_size`. 16. */
  readonly decoder_num_attention_heads!: number;
  /** Width of the decoder's tokens. 512. */
  readonly decoder_hidden_size!: number;
  /** Layers of the decoder. 8. */
  readonly decoder_num_hidden_layers!: number;
  /** Width of the decoder's MLP. 2048. */
  readonly decoder_intermediate_size!: number;
  /** Whether the loss is taken over pixels normalised patch by patch. false. */
  norm_pix_loss!: boolean;
  output_attentions = false;
  output_hidden_states = false;
  return_dict = true;
  #maskRatio = 0.75;

  /**
   * @param values any of the keys; the others take their defaults
   * @throws LensError `config-invalid`, `config-unsupported`; `argument-invalid` for a key that no config has
   */
  constructor(values: ViTMAEConfigValues = {}) {
    const { mask_ratio, ...model } = parseConfig(values);
    const known = [...Object.keys(model), 'mask_ratio', ...CALL_DEFAULTS];
    const own = Object.fromEntries(Object.entries(values).filter(([key]) => !isOther(key)));
    refuseUnknown('ViTMAEConfig', own, known);
    Object.assign(this, model);
    for (const key of CALL_DEFAULTS) {
      refuseNoBoolean(key, values[key]);
      this[key] = values[key] ?? this[key];
    }
    this.#maskRatio = mask_ratio;
  }

  /** The part of the patches that is masked, from 0 to 1. 0.75. Assigning another value throws `mask-invalid`. */
  get mask_ratio(): number {
    return this.#maskRatio;
  }

  set mask_ratio(ratio: number) {
    lenKeep(1, ratio);
    this.#maskRatio = ratio;
  }

  /**
   * The config of a checkpoint, from its config.json alone.
   * @param source as for `ViTMAEForPreTraining.from_pretrained`
   * Rejects with `not-found` where there is none, `config-invalid`, `config-unsupported`, `network`, `cancelled`
   */
  static async from_pretrained(source: PretrainedSource, options: SourceOptions = {}): Promise<ViTMAEConfig> {
    const file = await smallFile(source, CONFIG, options);
    if (file === undefined) throw new LensError('argument-invalid/no-config', { file: CONFIG });
    return ViTMAEConfig.fromJson(await readJson(file, 'config-invalid'));
  }

  /**
   * From what stands in a config.json, where keys that say nothing about the model are passed over.
   * @param model what it says of the model, where that is known
   */
  static fromJson(json: unknown, model = parseConfig(json)): ViTMAEConfig {
    const defaults: CallDefaults = {};
    for (const key of CALL_DEFAULTS) {
      const value = (json as Readonly<Record<string, unknown>> | undefined)?.[key];
      if (typeof value === 'boolean') defaults[key] = value;
    }
    return new ViTMAEConfig({ ...model, ...defaults });
  }

  /** The values, as plain data for config.json. */
  to_dict(): Record<string, unknown> {
    const { output_attentions, output_hidden_states, return_dict, ...model } = { ...this };
    return {
      ...model,
      mask_ratio: this.mask_ratio,
      ...(output_attentions ? { output_attentions } : {}),
      ...(output_hidden_states ? { output_hidden_states } : {}),
      ...(return_dict ? {} : { return_dict }),
    };
  }

  toJSON(): Record<string, unknown> {
    return this.to_dict();
  }

  /** What a graph is built from. */
  toModelConfig(): ModelConfig {
    return parseConfig(this.to_dict());
  }

  /** Writes config.json; see `ViTMAEForPreTraining.save_pretrained` for where to. */
  async save_pretrained(target?: SaveTarget): Promise<readonly File[]> {
    return saveFiles([textFile(CONFIG, this.to_dict())], target);
  }
}

function isOther(key: string): boolean {
  return key.startsWith('_') || OTHER_KEYS.includes(key);
}
