/** The published models: what is said of them before, or without, asking the hub. */
export interface KnownModel {
  readonly repository: string;
  /** The file of weights on the main branch. */
  readonly weights: string;
  /** Of all tensors together; the file has some kilobytes more. */
  readonly bytes: number;
}

export const KNOWN_MODELS: readonly KnownModel[] = [
  { repository: 'facebook/vit-mae-base', weights: 'model.safetensors', bytes: 447_631_360 },
  { repository: 'facebook/vit-mae-large', weights: 'pytorch_model.bin', bytes: 1_318_167_552 },
  { repository: 'facebook/vit-mae-huge', weights: 'pytorch_model.bin', bytes: 2_628_298_032 },
];

/** By its full name, or by the part after the owner. */
export function knownModel(name: string): KnownModel | undefined {
  return KNOWN_MODELS.find(({ repository }) => repository === name || repository.endsWith(`/${name}`));
}
