/** “Copy as Python”: a script for transformers that computes and draws exactly what the page shows. */

import type { ModelInfo } from '../engine/engine.ts';
import { dtypes } from '../locales/en/dtypes.ts';
import { ratioForKeep } from '../mae/manual-mask.ts';
import { lenKeep, type Masking, randomMasking } from '../mae/masking.ts';
import type { Dtype } from '../runtime/device/choice.ts';
import { type Generator, noiseOf } from '../store/mask/settings.ts';

/** What `from_pretrained` is given. */
export type PythonModel =
  /** A name on the hub; `main` and the repository itself where nothing else is said. */
  | { readonly kind: 'hub'; readonly id: string; readonly revision?: string; readonly subfolder?: string }
  /** A folder with the checkpoint's files; `url` is where they can be had. */
  | { readonly kind: 'folder'; readonly path: string; readonly url?: string };

export interface PythonInput {
  readonly model: PythonModel;
  readonly config: Pick<ModelInfo['config'], 'image_size' | 'patch_size' | 'norm_pix_loss'>;
  readonly preprocessor: ModelInfo['preprocessor'];
  /** The image's file; `url` is where it can be had. */
  readonly image: { readonly path: string; readonly url?: string };
  /** The mask on the screen, however it was made. */
  readonly masking: Pick<Masking, 'idsShuffle' | 'idsKeep'>;
  /** What the settings say; the script uses it where it gives that very mask. */
  readonly settings: { readonly ratio: number; readonly seed: string; readonly generator: Generator };
  /** What the page computes in; the script always computes in float32. */
  readonly dtype: Dtype;
}

/** Numbers to a line, where a list is written out. */
const LIST_COLUMNS = 20;

/**
 * The script, ending with a line break. It runs with transformers 4.x and 5.x, PyTorch, Pillow and matplotlib.
 * Random masks are drawn from the seed. All others, and the rare seed whose noise has two equal values (PyTorch
 * promises no order for them), come with their noise written out.
 */
export function pythonScript(input: PythonInput): string {
  const { config, masking } = input;
  const length = masking.idsShuffle.length;
  const seeded = isSeeded(input);
  return `${[
    importLines(),
    imageLines(input),
    modelLines(input),
    noiseLines(input, seeded),
    [
      'with torch.no_grad():',
      '    outputs = model(pixel_values, noise=noise)',
      ...(masking.idsKeep.length < length
        ? ['print(f"loss {outputs.loss.item():.4f}")']
        : ['# Nothing is masked, so there is no loss (the model says nan).']),
    ],
    panelLines(config.norm_pix_loss),
    figureLines(input),
  ]
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`;
}

/** Whether drawing from the seed gives this mask, and on every machine. */
function isSeeded({ masking, settings }: PythonInput): boolean {
  const length = masking.idsShuffle.length;
  const noise = noiseOf(settings.seed, settings.generator, length);
  if (new Set(Array.from(noise)).size < length) return false;
  return sameIds(randomMasking(noise, exactRatio(masking, settings.ratio)).idsKeep, masking.idsKeep);
}

/** The settings' ratio where it keeps as many patches as the mask, otherwise one that does. */
function exactRatio({ idsShuffle, idsKeep }: PythonInput['masking'], ratio: number): number {
  const length = idsShuffle.length;
  return lenKeep(length, ratio) === idsKeep.length ? ratio : ratioForKeep(length, idsKeep.length);
}

function importLines(): string[] {
  return [
    '# pip install torch transformers pillow matplotlib',
    'import matplotlib.pyplot as plt',
    'import numpy as np',
    'import torch',
    'from PIL import Image, ImageOps',
    'from transformers import ViTImageProcessor, ViTMAEForPreTraining',
  ];
}

function imageLines({ config, preprocessor, image }: PythonInput): string[] {
  const { do_rescale, rescale_factor, do_normalize, image_mean, image_std } = preprocessor;
  const options = [
    'do_resize=False',
    ...(do_rescale ? [] : ['do_rescale=False']),
    ...(do_rescale && rescale_factor !== 1 / 255 ? [`rescale_factor=${float(rescale_factor)}`] : []),
    ...(do_normalize ? [] : ['do_normalize=False']),
    `image_mean=${list(image_mean)}`,
    `image_std=${list(image_std)}`,
  ];
  return [
    ...(image.url === undefined ? [] : [`# The image: ${oneLine(image.url)}`]),
    `image = ImageOps.exif_transpose(Image.open(${quote(image.path)}))`,
    ...(/\.jpe?g$/i.test(image.path)
      ? ['image = image.convert("RGB")']
      : [
          'image = image.convert("RGBA")',
          'image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")',
        ]),
    `# Resized by Pillow itself, because transformers 5 may do it with torchvision, which rounds differently.`,
    `image = image.resize((${config.image_size}, ${config.image_size}), Image.Resampling.BILINEAR)`,
    `processor = ViTImageProcessor(`,
    ...options.map((option) => `    ${option},`),
    ')',
    'pixel_values = processor(image, return_tensors="pt").pixel_values',
  ];
}

function modelLines({ model, masking, settings, dtype }: PythonInput): string[] {
  const length = masking.idsShuffle.length;
  const named =
    model.kind === 'hub'
      ? [
          quote(model.id),
          ...(model.revision === undefined ? [] : [`revision=${quote(model.revision)}`]),
          ...(model.subfolder === undefined ? [] : [`subfolder=${quote(model.subfolder)}`]),
        ]
      : [quote(model.path)];
  return [
    ...(model.kind === 'folder'
      ? [
          model.url === undefined
            ? '# A folder with config.json and the weights.'
            : `# A folder with the files from ${oneLine(model.url)}`,
        ]
      : []),
    ...(dtype === 'fp32'
      ? []
      : [`# The page computed in ${dtypes[dtype]}, this is float32: loss and pixels differ slightly.`]),
    `model = ViTMAEForPreTraining.from_pretrained(${named.join(', ')}).float()`,
    `# Keeps ${masking.idsKeep.length} of ${length} patches.`,
    `model.config.mask_ratio = ${float(exactRatio(masking, settings.ratio))}`,
  ];
}

function noiseLines({ masking, settings }: PythonInput, seeded: boolean): string[] {
  const length = masking.idsShuffle.length;
  if (!seeded) {
    const places = new Int32Array(length);
    masking.idsShuffle.forEach((id, place) => {
      places[id] = place;
    });
    return [
      '# The place of each patch in the shuffled order, written out: the smallest are kept.',
      'noise = torch.tensor([[',
      ...wrap(places).map((line) => `    ${line}`),
      ']], dtype=torch.float32)',
    ];
  }
  return settings.generator === 'torch'
    ? [`torch.manual_seed(${settings.seed})`, `noise = torch.rand(1, ${length})`]
    : [
        `np.random.seed(${settings.seed})`,
        `noise = torch.from_numpy(np.random.uniform(size=(1, ${length})))`,
      ];
}

function panelLines(normPixLoss: boolean): string[] {
  return [
    'patches = outputs.logits',
    ...(normPixLoss
      ? [
          '# This model predicts every patch normalised by its own mean and deviation. They are taken from the',
          '# original here, so the result knows more about the hidden patches than the model did.',
          'target = model.patchify(pixel_values)',
          'mean, variance = target.mean(-1, keepdim=True), target.var(-1, keepdim=True)',
          'patches = patches * (variance + 1e-6) ** 0.5 + mean',
        ]
      : []),
    'mask = outputs.mask.unsqueeze(-1).repeat(1, 1, patches.shape[-1])',
    'y, m = model.unpatchify(patches), model.unpatchify(mask)',
    'panels = {',
    '    "original": pixel_values,',
    '    "masked": pixel_values * (1 - m),',
    '    "reconstruction": y,',
    '    "reconstruction + visible": pixel_values * (1 - m) + y * m,',
    '}',
  ];
}

/** Displays `(v · std + mean) · 255`, truncated, as the authors' notebook does. */
function figureLines({ preprocessor }: PythonInput): string[] {
  const { do_rescale, rescale_factor, do_normalize, image_mean, image_std } = preprocessor;
  const white = do_rescale && rescale_factor === 1 / 255 ? '255' : `${do_rescale ? 1 / rescale_factor : 1}`;
  return [
    `mean, std = np.array(${list(do_normalize ? image_mean : [0, 0, 0])}), np.array(${list(do_normalize ? image_std : [1, 1, 1])})`,
    'figure, axes = plt.subplots(1, 4, figsize=(24, 6))',
    'for axis, (title, values) in zip(axes, panels.items()):',
    '    values = values[0].permute(1, 2, 0).numpy()',
    `    axis.imshow(np.clip((values * std + mean) * ${white}, 0, 255).astype(np.uint8))`,
    '    axis.set_title(title, fontsize=16)',
    '    axis.axis("off")',
    'plt.show()',
  ];
}

function wrap(values: Int32Array): string[] {
  const lines: string[] = [];
  for (let i = 0; i < values.length; i += LIST_COLUMNS)
    lines.push(`${Array.from(values.subarray(i, i + LIST_COLUMNS)).join(', ')},`);
  return lines;
}

function list(values: ArrayLike<number>): string {
  return `[${Array.from(values, float).join(', ')}]`;
}

/** transformers 5 refuses an int where a float belongs. */
function float(value: number): string {
  const digits = String(value);
  return /[.e]/.test(digits) ? digits : `${digits}.0`;
}

/** JSON's strings are Python's too. */
function quote(text: string): string {
  return JSON.stringify(text);
}

/** A comment must not end early, whatever a name holds. */
function oneLine(text: string): string {
  return text.replaceAll(/\s/g, ' ');
}

function sameIds(a: Int32Array, b: Int32Array): boolean {
  return a.length === b.length && a.every((id, i) => id === b[i]);
}
