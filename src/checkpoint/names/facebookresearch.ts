import { refusalOf } from '../bytes/refusal.ts';
import { quote, sides } from '../bytes/words.ts';
import type { StoredTensor } from '../tensors/tensors.ts';
import { rowsOf } from '../tensors/views.ts';
import { asItStands, type NamingScheme, type Renaming, rename } from './scheme.ts';

const RENAMED: Renaming = [
  [/^cls_token$/, 'vit.embeddings.cls_token'],
  [/^pos_embed$/, 'vit.embeddings.position_embeddings'],
  [/^patch_embed\.proj\./, 'vit.embeddings.patch_embeddings.projection.'],
  [/^blocks\.(?=\d)/, 'vit.encoder.layer.'],
  [/^norm\./, 'vit.layernorm.'],
  [/^decoder_blocks\.(?=\d)/, 'decoder.decoder_layers.'],
  [/^(?=mask_token$|decoder_(?:pos_embed$|(?:embed|norm|pred)\.))/, 'decoder.'],
  [/\.norm1\./, '.layernorm_before.'],
  [/\.norm2\./, '.layernorm_after.'],
  [/\.attn\.qkv\./, '.attention.attention.qkv.'],
  [/\.attn\.proj\./, '.attention.output.dense.'],
  [/\.mlp\.fc1\./, '.intermediate.dense.'],
  [/\.mlp\.fc2\./, '.output.dense.'],
];

/** One matrix for the three; `reshape(B, N, 3, heads, C // heads)` makes its rows query, key and value in this order. */
const FUSED = '.attention.attention.qkv.';
const PARTS = ['query', 'key', 'value'];

/**
 * The names in the original authors' files (github.com/facebookresearch/mae, models_mae.py), which are timm's. Their
 * LayerNorms have an epsilon of 1e-6.
 */
export const facebookresearch: NamingScheme = {
  layerNormEps: 1e-6,
  parameters(name, tensor) {
    const renamed = rename(name, RENAMED);
    if (!renamed.includes(FUSED)) return asItStands(renamed, tensor);
    return PARTS.map((part, i) => ({
      name: renamed.replace(FUSED, `.attention.attention.${part}.`),
      view: () => partOf(tensor, i),
    }));
  },
};

/** The i-th of the parts that lie in a tensor one upon the other, an equal share of its rows each. */
function partOf(tensor: StoredTensor, i: number): StoredTensor {
  const [rows = 0] = tensor.shape;
  const parts = PARTS.length;
  if (rows === 0 || rows % parts !== 0) {
    throw refusalOf(tensor.source.name)('checkpoint-wrong-shape/fused', {
      tensor: quote(tensor.name),
      shape: sides(tensor.shape),
      parts,
    });
  }
  return rowsOf(tensor, (i * rows) / parts, ((i + 1) * rows) / parts);
}
