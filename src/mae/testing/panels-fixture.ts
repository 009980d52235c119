/** For tests: the reference figure's panels, as tools/reference/README.md describes reconstruction.json. */
import type { PixelNormalization } from '../panels.ts';
import type { StoredArray } from '../reference-fixtures.ts';

export interface PanelsCase extends PixelNormalization {
  readonly name: string;
  /** The recipe of the image that was prepared; see image/testing/images.ts. */
  readonly image: { readonly kind: 'gradient' } | { readonly kind: 'noise'; readonly seed: number };
  readonly width: number;
  readonly height: number;
  readonly patch_size: number;
  readonly image_size: number;
  /** [3, S, S] */
  readonly pixel_values: StoredArray;
  /** [L, p·p·3] */
  readonly logits: StoredArray;
  /** [L], 1 = removed. */
  readonly mask: number[];
  /** Each [S, S, 3]; `pasted` is the panel "reconstruction + visible". */
  readonly panels: Record<'original' | 'masked' | 'reconstruction' | 'pasted', StoredArray>;
}

export interface PanelsFixture {
  readonly cases: readonly PanelsCase[];
  readonly roundtrip: readonly (PixelNormalization & { readonly values: StoredArray })[];
}
