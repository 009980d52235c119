import { asItStands, type NamingScheme, type Renaming, rename } from './scheme.ts';

const RENAMED: Renaming = [
  [/^(?=(?:embeddings|layers|layernorm)\.)/, 'vit.'],
  [/^vit\.layers\./, 'vit.encoder.layer.'],
  [/\.attention\.q_proj\./, '.attention.attention.query.'],
  [/\.attention\.k_proj\./, '.attention.attention.key.'],
  [/\.attention\.v_proj\./, '.attention.attention.value.'],
  [/\.attention\.o_proj\./, '.attention.output.dense.'],
  [/\.mlp\.fc1\./, '.intermediate.dense.'],
  [/\.mlp\.fc2\./, '.output.dense.'],
];

/** The names of the modules in transformers 5, which files that it saved can have. */
export const transformers5: NamingScheme = {
  layerNormEps: 1e-12,
  parameters: (name, tensor) => asItStands(rename(name, RENAMED), tensor),
};
