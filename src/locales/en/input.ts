/** What a model gets of an image: its size in pixels and its channels. */
export interface ModelInput {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
}

/** "224 × 224", or "28 × 28, grey": of other channels than red, green and blue it says which, and which are shown. */
export function modelInput({ width, height, channels }: ModelInput): string {
  const size = `${width} × ${height}`;
  switch (channels) {
    case 3:
      return size;
    case 1:
      return `${size}, grey`;
    case 2:
      return `${size}, grey and opacity (shown without it)`;
    case 4:
      return `${size}, colour and opacity (shown without it)`;
    default:
      return `${size}, ${channels} channels (colour, which is shown, and grey for the others)`;
  }
}
