import { asItStands, type NamingScheme, type Renaming, rename } from './scheme.ts';

const RENAMED: Renaming = [
  // A file that was saved from ViTMAEModel has the encoder by itself.
  [/^(?=(?:embeddings|encoder|layernorm)\.)/, 'vit.'],
  // What transformers 5.17 to 5.23 save.
  [/^decoder\.decoder_encoder\.layer\./, 'decoder.decoder_layers.'],
];

/** The names of the checkpoints that Hugging Face publishes, and of transformers, whichever version saves them. */
export const published: NamingScheme = {
  framework: 'pt',
  layerNormEps: 1e-12,
  parameters: (name, tensor) => asItStands(rename(name, RENAMED), tensor),
};
