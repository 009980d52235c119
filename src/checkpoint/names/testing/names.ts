/** For tests: a model's tensors under the names of other programs than transformers 4. */
import type { WrittenTensor } from '../../formats/testing/safetensors.ts';

/** The names of modules in transformers 5, by its own conversion table. */
export function transformers5(name: string): string {
  return name
    .replace('vit.encoder.layer.', 'vit.layers.')
    .replace('attention.attention.query', 'attention.q_proj')
    .replace('attention.attention.key', 'attention.k_proj')
    .replace('attention.attention.value', 'attention.v_proj')
    .replace('attention.output.dense', 'attention.o_proj')
    .replace('intermediate.dense', 'mlp.fc1')
    .replace('output.dense', 'mlp.fc2');
}

/** The original authors' name; that of query, key and value is the same. */
export function facebookresearchName(name: string): string {
  return name
    .replace('vit.embeddings.position_embeddings', 'pos_embed')
    .replace('vit.embeddings.patch_embeddings.projection', 'patch_embed.proj')
    .replace('vit.embeddings.', '')
    .replace('vit.encoder.layer.', 'blocks.')
    .replace('decoder.decoder_layers.', 'decoder_blocks.')
    .replace('vit.layernorm.', 'norm.')
    .replace(/^decoder\./, '')
    .replace('layernorm_before', 'norm1')
    .replace('layernorm_after', 'norm2')
    .replace(/attention\.attention\.(?:query|key|value)/, 'attn.qkv')
    .replace('attention.output.dense', 'attn.proj')
    .replace('intermediate.dense', 'mlp.fc1')
    .replace('output.dense', 'mlp.fc2');
}

/** Published tensors as the authors have them: query, key and value one upon the other. */
export function toFacebookresearch(tensors: readonly WrittenTensor[]): WrittenTensor[] {
  const fused = new Map<string, WrittenTensor>();
  for (const tensor of tensors) {
    const name = facebookresearchName(tensor.name);
    const above = fused.get(name);
    const [rows = 0, ...row] = tensor.shape;
    fused.set(
      name,
      above === undefined
        ? { ...tensor, name }
        : {
            ...above,
            shape: [(above.shape[0] ?? 0) + rows, ...row],
            bytes: Uint8Array.from([...above.bytes, ...tensor.bytes]),
          },
    );
  }
  return [...fused.values()];
}
