/** Image processors: from images to `pixel_values`, as transformers' ViTImageProcessor makes them. */
import '../base/english-of-models.ts';
import { Tensor } from '@xenova/transformers';
import { LensError, learnSentences } from '../base/errors.ts';
import { readJson } from '../checkpoint/bytes/json.ts';
import { brief } from '../checkpoint/bytes/words.ts';
import { CONFIG, PREPROCESSOR } from '../checkpoint/file-names.ts';
import { parsePreprocessorConfig } from '../image/preprocessor-config.ts';
import { type PreprocessorConfig, toPixelValues } from '../image/processor.ts';
import { PUBLISHED_PREPROCESSOR } from '../image/published.ts';
import { imageErrors } from '../locales/en/errors/images.ts';
import { preprocessingErrors } from '../locales/en/errors/preprocessing.ts';
import { parseConfig } from '../mae/config.ts';
import { refuseUnknown } from './arguments.ts';
import { Callable } from './callable.ts';
import { type ImageInput, pixelsOf } from './image-pixels.ts';
import { type SaveTarget, saveFiles, textFile } from './saving.ts';
import { type PretrainedSource, type SourceOptions, smallFile } from './sources.ts';

learnSentences({ ...imageErrors, ...preprocessingErrors });

/** Keys and defaults of transformers' ViTImageProcessor. */
export interface ViTImageProcessorValues {
  /** Whether images are resized to `size`. true. */
  do_resize?: boolean;
  /** In pixels; one number is a square. 224. */
  size?: number | { height: number; width: number };
  /** Pillow's number of the filter; only 2, bilinear, is there. 2. */
  resample?: number;
  /** Whether bytes are multiplied by `rescale_factor`. true. */
  do_rescale?: boolean;
  /** 1/255. */
  rescale_factor?: number;
  /** Whether mean and deviation are taken off. true. */
  do_normalize?: boolean;
  /** For all channels, or one for each; how many there are says how many channels `pixel_values` has. [0.5, 0.5, 0.5]. */
  image_mean?: number | readonly number[];
  /** Likewise. [0.5, 0.5, 0.5]. */
  image_std?: number | readonly number[];
}

const KEYS = [
  'do_resize',
  'size',
  'resample',
  'do_rescale',
  'rescale_factor',
  'do_normalize',
  'image_mean',
  'image_std',
];
/** Of other versions and of Python; they change nothing here. */
const OTHER_KEYS = [
  'return_tensors',
  'image_processor_type',
  'feature_extractor_type',
  'processor_class',
  'do_convert_rgb',
  'do_center_crop',
  'crop_size',
  'data_format',
  'default_to_square',
  'device',
  'disable_grouping',
  'input_data_format',
  'use_fast',
];
const CLASSES = ['ViTImageProcessor', 'ViTImageProcessorFast', 'ViTFeatureExtractor', 'ViTImageProcessorPil'];

export interface ImageProcessorOutput {
  /** [B, C, H, W] float32 */
  readonly pixel_values: Tensor;
}

/** `await processor(image)`, of one image or several; values given with a call count for that call. */
export interface ViTImageProcessor {
  (image: ImageInput, values?: ViTImageProcessorValues): Promise<ImageProcessorOutput>;
  (images: readonly ImageInput[], values?: ViTImageProcessorValues): Promise<ImageProcessorOutput>;
}

/**
 * Resizes to a size without keeping the aspect ratio, rescales and normalises. Resizing is Pillow's bilinear one byte
 * for byte; pixel_values are Python's bit for bit where the decoded bytes are the same.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the interface says how instances are called
export class ViTImageProcessor extends Callable {
  readonly #values: ViTImageProcessorValues;

  /** @throws LensError `config-invalid`, `config-unsupported`, `argument-invalid` */
  constructor(values: ViTImageProcessorValues = {}) {
    super();
    checkKeys('ViTImageProcessor', values);
    this.#values = values;
    parse(values);
  }

  /** The processor of a checkpoint; see `AutoImageProcessor.from_pretrained`. */
  static async from_pretrained(
    source: PretrainedSource,
    options: SourceOptions = {},
  ): Promise<ViTImageProcessor> {
    return AutoImageProcessor.from_pretrained(source, options);
  }

  /** What `await processor(images, values)` does. */
  async _call(
    images: ImageInput | readonly ImageInput[],
    values: ViTImageProcessorValues = {},
  ): Promise<ImageProcessorOutput> {
    checkKeys('the processor', values);
    const { config, channels, resizes } = parse({ ...this.#values, ...values });
    const list: readonly ImageInput[] = Array.isArray(images) ? images : [images as ImageInput];
    if (list.length === 0) throw new LensError('argument-invalid/no-image');
    const pixels: Float32Array[] = [];
    let size: { height: number; width: number } | null = resizes ? config.size : null;
    for (const image of list) {
      const { data, height, width } = await pixelsOf(image, { channels, size: resizes ? size : null });
      size ??= { height, width };
      if (height !== size.height || width !== size.width)
        throw new LensError('argument-invalid/uneven-images', {
          height,
          width,
          first: [size.height, size.width],
        });
      pixels.push(await toPixelValues(data, size, config));
    }
    const { height = 0, width = 0 } = size ?? {};
    const all = new Float32Array(pixels.length * channels * height * width);
    for (const [b, one] of pixels.entries()) all.set(one, b * one.length);
    return { pixel_values: new Tensor('float32', all, [pixels.length, channels, height, width]) };
  }

  /** The values, as plain data for preprocessor_config.json. */
  to_dict(): Record<string, unknown> {
    const { config, resizes } = parse(this.#values);
    return { image_processor_type: 'ViTImageProcessor', do_resize: resizes, resample: 2, ...config };
  }

  toJSON(): Record<string, unknown> {
    return this.to_dict();
  }

  /** Writes preprocessor_config.json; see `ViTMAEForPreTraining.save_pretrained` for where to. */
  async save_pretrained(target?: SaveTarget): Promise<readonly File[]> {
    return saveFiles([textFile(PREPROCESSOR, this.to_dict())], target);
  }
}

/** Finds the processor that belongs to a checkpoint. */
export const AutoImageProcessor = {
  /**
   * By its preprocessor_config.json; where there is none, that of the published ViTMAE checkpoints.
   * Rejects with `config-invalid`, `config-unsupported`, `network`, `cancelled`, `argument-invalid`.
   * @param source as for `ViTMAEForPreTraining.from_pretrained`
   */
  async from_pretrained(source: PretrainedSource, options: SourceOptions = {}): Promise<ViTImageProcessor> {
    refuseUnknown('from_pretrained', options, ['revision', 'progress_callback', 'signal']);
    const channels = await channelsOfModel(source, options);
    const file = await smallFile(source, PREPROCESSOR, options);
    if (file === undefined)
      return new ViTImageProcessor(forChannels({ ...PUBLISHED_PREPROCESSOR }, channels));
    const json = (await readJson(file, 'config-invalid')) as ViTImageProcessorValues & {
      readonly image_processor_type?: unknown;
    };
    const type = json?.image_processor_type ?? CLASSES[0];
    if (!CLASSES.includes(type as string))
      throw new LensError('argument-invalid/choice', {
        name: 'image_processor_type',
        value: brief(type),
        choices: CLASSES,
      });
    const known = Object.fromEntries(Object.entries(json ?? {}).filter(([key]) => KEYS.includes(key)));
    return new ViTImageProcessor(forChannels(known, channels));
  },
};

/** Of the model beside the processor; undefined where there is none. */
async function channelsOfModel(
  source: PretrainedSource,
  options: SourceOptions,
): Promise<number | undefined> {
  const file = await smallFile(source, CONFIG, options);
  return file && parseConfig(await readJson(file, 'config-invalid')).num_channels;
}

function forChannels(values: ViTImageProcessorValues, channels: number | undefined): ViTImageProcessorValues {
  if (channels === undefined) return values;
  const { image_mean, image_std } = parsePreprocessorConfig({ ...values, do_resize: true }, channels);
  return { ...values, image_mean, image_std };
}

function parse(values: ViTImageProcessorValues): {
  readonly config: PreprocessorConfig;
  readonly channels: number;
  readonly resizes: boolean;
} {
  const { image_mean, image_std, do_resize = true } = values;
  const list = [image_mean, image_std].find((value) => Array.isArray(value)) as readonly number[] | undefined;
  const channels = list?.length ?? 3;
  return {
    config: parsePreprocessorConfig({ ...values, do_resize: true }, channels),
    channels,
    resizes: do_resize,
  };
}

function checkKeys(to: string, values: object): void {
  const given = Object.fromEntries(Object.entries(values).filter(([key]) => !OTHER_KEYS.includes(key)));
  refuseUnknown(to, given, KEYS);
}
