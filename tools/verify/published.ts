/**
 * Logits that the authors of transformers have published of the real checkpoints, each with what they were computed
 * from. Sources, in github.com/huggingface/transformers:
 *
 * - `src/transformers/models/vit_mae/convert_vit_mae_to_pytorch.py`, which wrote the files on the hub: an image of
 *   the original authors, `torch.manual_seed(2)`, `torch.allclose(..., atol=1e-4)`. Its feature extractor has since
 *   been renamed, but it saved itself beside the weights: preprocessor_config.json in the first commits of the three
 *   repositories (vit-mae-base 4550604, -large 0de8374, -huge 1c350b6) says mean [0.485, 0.456, 0.406], std
 *   [0.229, 0.224, 0.225], size 224, bilinear. That is what the repositories have today, so the checkpoint's own
 *   preparation is the script's.
 * - `tests/models/vit_mae/test_modeling_vit_mae.py`, `test_inference_for_pretraining`: an image from COCO, prepared as
 *   preprocessor_config.json says, `np.random.seed(2)`, noise in float64,
 *   `torch.testing.assert_close(..., rtol=1e-4, atol=1e-4)`.
 *
 * Both mask as the config says (0.75) and show `logits[0, :3, :3]` with four decimals.
 */

export interface PublishedImage {
  /** Its public address. */
  readonly url: string;
  /** In pixels. */
  readonly width: number;
  readonly height: number;
}

/** What one source expects of one checkpoint. */
export interface PublishedSlice {
  /** Where it stands, for people. */
  readonly source: string;
  readonly image: PublishedImage;
  /** Of the noise: `torch.rand(1, L)` in float32, or `np.random.uniform(size=(1, L))` in float64. */
  readonly generator: 'torch' | 'numpy';
  readonly seed: number;
  /** `logits[0, :3, :3]` */
  readonly slice: readonly (readonly number[])[];
  /** A value passes when it differs by at most atol + rtol · |published|. */
  readonly atol: number;
  readonly rtol: number;
}

export interface PublishedModel {
  readonly repository: string;
  /** Of the logits: [1, L, p·p·3]. */
  readonly shape: readonly number[];
  readonly slices: readonly PublishedSlice[];
}

/** The original authors' fox, ILSVRC2012_val_00046145; the address is the script's, and their notebook's. */
const FOX: PublishedImage = {
  url: 'https://user-images.githubusercontent.com/11435359/147738734-196fd92f-9260-48d5-ba7e-bf103d29364d.jpg',
  width: 224,
  height: 224,
};

/** The test reads it from the repository, as a PNG: every decoder gives the same pixels. */
const CATS: PublishedImage = {
  url: 'https://raw.githubusercontent.com/huggingface/transformers/v4.57.6/tests/fixtures/tests_samples/COCO/000000039769.png',
  width: 640,
  height: 480,
};

function conversionScript(slice: PublishedSlice['slice']): PublishedSlice {
  // 1e-5 is the default of torch.allclose.
  return {
    source: 'conversion script',
    image: FOX,
    generator: 'torch',
    seed: 2,
    slice,
    atol: 1e-4,
    rtol: 1e-5,
  };
}

export const PUBLISHED: readonly PublishedModel[] = [
  {
    repository: 'facebook/vit-mae-base',
    shape: [1, 196, 768],
    slices: [
      conversionScript([
        [-0.9192, -0.8481, -1.1259],
        [-1.1349, -1.0034, -1.2599],
        [-1.1757, -1.0429, -1.2726],
      ]),
      {
        source: 'integration test',
        image: CATS,
        generator: 'numpy',
        seed: 2,
        slice: [
          [-0.0548, -1.7023, -0.9325],
          [0.3721, -0.567, -0.2233],
          [0.8235, -1.3878, -0.3524],
        ],
        atol: 1e-4,
        rtol: 1e-4,
      },
    ],
  },
  {
    repository: 'facebook/vit-mae-large',
    shape: [1, 196, 768],
    slices: [
      conversionScript([
        [-0.7309, -0.7128, -1.0169],
        [-1.0161, -0.9058, -1.1878],
        [-1.0478, -0.9411, -1.1911],
      ]),
    ],
  },
  {
    repository: 'facebook/vit-mae-huge',
    shape: [1, 256, 588],
    slices: [
      conversionScript([
        [-1.1599, -0.9199, -1.2221],
        [-1.1952, -0.9269, -1.2307],
        [-1.2143, -0.9337, -1.2262],
      ]),
    ],
  },
];
