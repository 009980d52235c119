/** config.json of a ViTMAE checkpoint: parsed, completed with the reference's defaults, and checked. */
import '../base/schema-english.ts';
import * as z from 'zod/mini';
import { LensError } from '../base/errors.ts';
import { geometryOf, heightAndWidth, type ImageSides, patchCount } from './geometry.ts';

/** The activations that the graphs can express. `gelu` is the exact (erf) form, `gelu_new` the tanh one. */
const HIDDEN_ACTS = ['gelu', 'relu', 'selu', 'gelu_new'] as const;
export type HiddenAct = (typeof HIDDEN_ACTS)[number];

/** Beyond these nothing that a browser could hold exists; a damaged file must not make us try. */
const MAX_WIDTH = 16_384;
const MAX_MLP_WIDTH = 65_536;
const MAX_LAYERS = 256;
const MAX_IMAGE_SIZE = 4096;
const MAX_PATCHES = 16_384;
const MAX_CHANNELS = 256;

/** Of what an error quotes from a file, in characters. */
const LONGEST_NAME = 80;

/**
 * What the model is, keys spelled as in config.json. Sizes of images and patches are in pixels; patches are square, as the
 * reference's decoder needs them.
 */
export interface ViTMAEConfig {
  readonly hidden_size: number;
  readonly num_hidden_layers: number;
  readonly num_attention_heads: number;
  readonly intermediate_size: number;
  readonly hidden_act: HiddenAct;
  readonly hidden_dropout_prob: number;
  readonly attention_probs_dropout_prob: number;
  readonly initializer_range: number;
  readonly layer_norm_eps: number;
  readonly image_size: ImageSides;
  readonly patch_size: number;
  readonly num_channels: number;
  readonly qkv_bias: boolean;
  readonly decoder_num_attention_heads: number;
  readonly decoder_hidden_size: number;
  readonly decoder_num_hidden_layers: number;
  readonly decoder_intermediate_size: number;
  readonly mask_ratio: number;
  readonly norm_pix_loss: boolean;
}

const count = z.int().check(z.minimum(1));
const fraction = z.number().check(z.minimum(0), z.maximum(1));
const side = z.union([count, z.tuple([count, count])]);

/** Defaults are those of transformers' ViTMAEConfig. Keys that the model does not use are dropped. */
const schema = z.object({
  model_type: z.optional(z.string()),
  hidden_size: z._default(count, 768),
  num_hidden_layers: z._default(count, 12),
  num_attention_heads: z._default(count, 12),
  intermediate_size: z._default(count, 3072),
  hidden_act: z._default(z.string(), 'gelu'),
  hidden_dropout_prob: z._default(fraction, 0),
  attention_probs_dropout_prob: z._default(fraction, 0),
  initializer_range: z._default(z.number().check(z.minimum(0)), 0.02),
  layer_norm_eps: z._default(fraction, 1e-12),
  image_size: z._default(side, 224),
  patch_size: z._default(side, 16),
  num_channels: z._default(count, 3),
  qkv_bias: z._default(z.boolean(), true),
  decoder_num_attention_heads: z._default(count, 16),
  decoder_hidden_size: z._default(count, 512),
  decoder_num_hidden_layers: z._default(count, 8),
  decoder_intermediate_size: z._default(count, 2048),
  mask_ratio: z._default(fraction, 0.75),
  norm_pix_loss: z._default(z.boolean(), false),
});

/**
 * The configuration that a config.json describes; `json` is the parsed file. Absent keys take the reference's
 * defaults, and pairs `[side, side]` become one side.
 * @throws LensError `config-invalid` when the values contradict their types or each other,
 * `config-unsupported` when they describe a model that this page cannot run.
 */
export function parseConfig(json: unknown): ViTMAEConfig {
  const parsed = schema.safeParse(json);
  if (!parsed.success) throw contradiction(parsed.error);
  const { model_type, hidden_act, image_size, patch_size, ...rest } = parsed.data;

  if (model_type !== undefined && model_type !== 'vit_mae') {
    throw new LensError('config-unsupported/model-type', { type: model_type.slice(0, LONGEST_NAME) });
  }
  const act = HIDDEN_ACTS.find((known) => known === hidden_act);
  if (act === undefined) {
    throw new LensError('config-unsupported/hidden-act', {
      act: hidden_act.slice(0, LONGEST_NAME),
      known: HIDDEN_ACTS,
    });
  }

  const config: ViTMAEConfig = {
    ...rest,
    hidden_act: act,
    image_size: oneSideIfSquare(image_size),
    patch_size: squareSide('patch_size', patch_size),
  };
  checkSizes(config);
  return config;
}

function oneSideIfSquare(size: number | [number, number]): ImageSides {
  return typeof size === 'number' || size[0] !== size[1] ? size : size[0];
}

function squareSide(key: string, value: number | [number, number]): number {
  if (typeof value === 'number') return value;
  const [height, width] = value;
  if (height !== width) throw new LensError('config-unsupported/no-square', { key, height, width });
  return height;
}

function checkSizes(config: ViTMAEConfig): void {
  atMost(config, 'hidden_size', MAX_WIDTH);
  atMost(config, 'decoder_hidden_size', MAX_WIDTH);
  atMost(config, 'intermediate_size', MAX_MLP_WIDTH);
  atMost(config, 'decoder_intermediate_size', MAX_MLP_WIDTH);
  atMost(config, 'num_hidden_layers', MAX_LAYERS);
  atMost(config, 'decoder_num_hidden_layers', MAX_LAYERS);
  atMost(config, 'num_channels', MAX_CHANNELS);
  for (const side of heightAndWidth(config.image_size)) {
    notAbove('image_size', side, MAX_IMAGE_SIZE);
    isMultiple('image_size', side, 'patch_size', config.patch_size);
  }
  divides(config, 'hidden_size', 'num_attention_heads');
  divides(config, 'decoder_hidden_size', 'decoder_num_attention_heads');
  const patches = patchCount(geometryOf(config).grid);
  if (patches > MAX_PATCHES) {
    throw new LensError('config-unsupported/patches', { patches, limit: MAX_PATCHES });
  }
}

type SizeKey = { [K in keyof ViTMAEConfig]: ViTMAEConfig[K] extends number ? K : never }[keyof ViTMAEConfig];

function atMost(config: ViTMAEConfig, key: SizeKey, limit: number): void {
  notAbove(key, config[key], limit);
}

function notAbove(key: string, value: number, limit: number): void {
  if (value > limit) throw new LensError('config-unsupported/too-large', { key, value, limit });
}

function divides(config: ViTMAEConfig, whole: SizeKey, part: SizeKey): void {
  isMultiple(whole, config[whole], part, config[part]);
}

function isMultiple(whole: string, wholeValue: number, part: string, partValue: number): void {
  if (wholeValue % partValue !== 0)
    throw new LensError('config-invalid/no-multiple', { whole, wholeValue, part, partValue });
}

function contradiction(error: z.core.$ZodError): LensError {
  const [issue] = error.issues;
  if (issue === undefined) return new LensError('config-invalid/form');
  const key = issue.path.map(String).join('.');
  return key === ''
    ? new LensError('config-invalid/no-object')
    : new LensError('config-invalid/value', { key, reason: issue.message });
}
