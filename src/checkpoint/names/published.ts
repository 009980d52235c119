import { asItStands, type NamingScheme } from './scheme.ts';

/** How names begin in a file that was saved from ViTMAEModel, the encoder by itself. */
const BARE_ENCODER = /^(?=(?:embeddings|encoder|layernorm)\.)/;

/** The names of the checkpoints that Hugging Face publishes, and of transformers up to 4. */
export const published: NamingScheme = {
  layerNormEps: 1e-12,
  parameters: (name, tensor) => asItStands(name.replace(BARE_ENCODER, 'vit.'), tensor),
};
