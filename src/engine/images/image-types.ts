/** What the page gets of an image without a model. */
import type { ViTMAEConfig } from '../../mae/config.ts';
import type { Geometry } from '../../mae/geometry.ts';
import type { PixelNormalization } from '../../mae/panels.ts';

/** An image as the model sees it. */
export interface PreparedImage {
  readonly id: string;
  /** Size of the upright image as it came, in pixels. */
  readonly width: number;
  readonly height: number;
  /** Side S of the model's input, in pixels. */
  readonly imageSize: number;
  /** The original panel, [S, S, 3], as the reference figure shows it. */
  readonly original: Uint8ClampedArray;
  /** What normalised pixels of it are displayed with. */
  readonly normalization: PixelNormalization;
}

/** What can be painted from the visible patches without a model: harmonic inpainting. */
export interface Interpolation {
  /** The visible patches as they are, the masked ones filled in, [S, S, 3]. */
  readonly panel: Uint8ClampedArray;
  /** In the space of the model's own loss; null when no patch is masked. */
  readonly loss: number | null;
  /** Mean squared error of each patch in that space, [L]. */
  readonly patchErrors: Float32Array;
  readonly ms: number;
}

/** What interpolation goes by of a model. */
export type InterpolationGeometry = Geometry & Pick<ViTMAEConfig, 'norm_pix_loss'>;
