/** The model's parameters under their published names: which a config asks for, and in which shapes. */
import type { ViTMAEConfig } from '../../mae/config.ts';
import { geometryOf, patchCount, patchLength } from '../../mae/geometry.ts';

export const CLS_TOKEN = 'vit.embeddings.cls_token';
export const ENCODER_POSITIONS = 'vit.embeddings.position_embeddings';
export const PROJECTION = 'vit.embeddings.patch_embeddings.projection.weight';
export const DECODER_POSITIONS = 'decoder.decoder_pos_embed';
export const DECODER_EMBED = 'decoder.decoder_embed.weight';

type Sizes = Omit<
  ViTMAEConfig,
  'hidden_act' | 'layer_norm_eps' | 'mask_ratio' | 'norm_pix_loss' | `${string}_heads` | `${string}_prob`
>;
type Shapes = Map<string, readonly number[]>;

/** Published name → shape of every parameter that a model with this config has, in the model's order. */
export function expectedTensors(
  config: Omit<Sizes, 'initializer_range'>,
): ReadonlyMap<string, readonly number[]> {
  const shapes: Shapes = new Map();
  const { hidden_size: width, decoder_hidden_size: decoderWidth, patch_size: patch } = config;
  const tokens = 1 + patchCount(geometryOf(config).grid);

  shapes.set(CLS_TOKEN, [1, 1, width]);
  shapes.set(ENCODER_POSITIONS, [1, tokens, width]);
  shapes.set(PROJECTION, [width, config.num_channels, patch, patch]);
  shapes.set('vit.embeddings.patch_embeddings.projection.bias', [width]);
  for (let i = 0; i < config.num_hidden_layers; i++) {
    addLayer(shapes, `vit.encoder.layer.${i}`, width, config.intermediate_size, config.qkv_bias);
  }
  addNorm(shapes, 'vit.layernorm', width);

  shapes.set('decoder.mask_token', [1, 1, decoderWidth]);
  shapes.set(DECODER_POSITIONS, [1, tokens, decoderWidth]);
  addLinear(shapes, 'decoder.decoder_embed', width, decoderWidth);
  for (let i = 0; i < config.decoder_num_hidden_layers; i++) {
    const name = `decoder.decoder_layers.${i}`;
    addLayer(shapes, name, decoderWidth, config.decoder_intermediate_size, config.qkv_bias);
  }
  addNorm(shapes, 'decoder.decoder_norm', decoderWidth);
  addLinear(shapes, 'decoder.decoder_pred', decoderWidth, patchLength(geometryOf(config)));
  return shapes;
}

/** Whether some ViTMAE model has a parameter of this published name. */
export function isParameter(name: string): boolean {
  return ONE_LAYER.has(name.replace(/\.(encoder\.layer|decoder_layers)\.(?:0|[1-9]\d{0,3})\./, '.$1.0.'));
}

/** Which half of the model a published name belongs to. */
export function stackOf(name: string): 'encoder' | 'decoder' {
  return name.startsWith('decoder.') ? 'decoder' : 'encoder';
}

/** The index of the layer that a published name stands in; undefined outside of the layers of that stack. */
export function layerIndex(name: string, stack: 'encoder' | 'decoder'): number | undefined {
  const pattern = stack === 'encoder' ? /^vit\.encoder\.layer\.(\d+)\./ : /^decoder\.decoder_layers\.(\d+)\./;
  const index = pattern.exec(name)?.[1];
  return index === undefined ? undefined : Number(index);
}

function addLayer(shapes: Shapes, name: string, width: number, mlpWidth: number, qkvBias: boolean): void {
  addNorm(shapes, `${name}.layernorm_before`, width);
  for (const part of ['query', 'key', 'value']) {
    addLinear(shapes, `${name}.attention.attention.${part}`, width, width, qkvBias);
  }
  addLinear(shapes, `${name}.attention.output.dense`, width, width);
  addNorm(shapes, `${name}.layernorm_after`, width);
  addLinear(shapes, `${name}.intermediate.dense`, width, mlpWidth);
  addLinear(shapes, `${name}.output.dense`, mlpWidth, width);
}

function addLinear(shapes: Shapes, name: string, from: number, to: number, bias = true): void {
  shapes.set(`${name}.weight`, [to, from]);
  if (bias) shapes.set(`${name}.bias`, [to]);
}

function addNorm(shapes: Shapes, name: string, width: number): void {
  shapes.set(`${name}.weight`, [width]);
  shapes.set(`${name}.bias`, [width]);
}

const ONE_LAYER = expectedTensors({
  hidden_size: 1,
  num_hidden_layers: 1,
  intermediate_size: 1,
  image_size: 1,
  patch_size: 1,
  num_channels: 1,
  qkv_bias: true,
  decoder_hidden_size: 1,
  decoder_num_hidden_layers: 1,
  decoder_intermediate_size: 1,
});
