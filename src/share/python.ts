/** “Copy as Python”: a script for transformers that computes and draws exactly what the page shows. */

import type { ModelInfo } from '../engine/engine.ts';
import type { Words } from '../locales/words.ts';
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

/** The script's own, in the language of the page. */
type Comments = Words['share']['python']['comments'];

/** Numbers to a line, where a list is written out. */
const LIST_COLUMNS = 20;

/**
 * The script, ending with a line break. It runs with transformers 4.x and 5.x, PyTorch, Pillow and matplotlib.
 * Random masks are drawn from the seed. All others, and the rare seed whose noise has two equal values (PyTorch
 * promises no order for them), come with their noise written out.
 */
export function pythonScript(input: PythonInput, words: Words): string {
  const { config, masking } = input;
  const { comments } = words.share.python;
  const length = masking.idsShuffle.length;
  const seeded = isSeeded(input);
  return `${[
    importLines(),
    imageLines(input, comments),
    modelLines(input, words),
    noiseLines(input, seeded, comments),
    [
      'with torch.no_grad():',
      '    outputs = model(pixel_values, noise=noise)',
      ...(masking.idsKeep.length < length
        ? ['print(f"loss {outputs.loss.item():.4f}")']
        : [`# ${comments.noLoss}`]),
    ],
    panelLines(config.norm_pix_loss, words),
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

function imageLines({ config, preprocessor, image }: PythonInput, comments: Comments): string[] {
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
    ...(image.url === undefined ? [] : [`# ${comments.image({ url: oneLine(image.url) })}`]),
    `image = ImageOps.exif_transpose(Image.open(${quote(image.path)}))`,
    ...(/\.jpe?g$/i.test(image.path)
      ? ['image = image.convert("RGB")']
      : [
          'image = image.convert("RGBA")',
          'image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")',
        ]),
    `# ${comments.resize}`,
    `image = image.resize((${config.image_size}, ${config.image_size}), Image.Resampling.BILINEAR)`,
    `processor = ViTImageProcessor(`,
    ...options.map((option) => `    ${option},`),
    ')',
    'pixel_values = processor(image, return_tensors="pt").pixel_values',
  ];
}

function modelLines({ model, masking, settings, dtype }: PythonInput, words: Words): string[] {
  const { comments } = words.share.python;
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
            ? `# ${comments.folder}`
            : `# ${comments.folderFrom({ url: oneLine(model.url) })}`,
        ]
      : []),
    ...(dtype === 'fp32' ? [] : [`# ${comments.dtype({ dtype: words.dtypes[dtype] })}`]),
    `model = ViTMAEForPreTraining.from_pretrained(${named.join(', ')}).float()`,
    `# ${comments.keeps({ kept: masking.idsKeep.length, patches: length })}`,
    `model.config.mask_ratio = ${float(exactRatio(masking, settings.ratio))}`,
  ];
}

function noiseLines({ masking, settings }: PythonInput, seeded: boolean, comments: Comments): string[] {
  const length = masking.idsShuffle.length;
  if (!seeded) {
    const places = new Int32Array(length);
    masking.idsShuffle.forEach((id, place) => {
      places[id] = place;
    });
    return [
      `# ${comments.noise}`,
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

function panelLines(normPixLoss: boolean, { share, stage: { titles } }: Words): string[] {
  return [
    'patches = outputs.logits',
    ...(normPixLoss
      ? [
          ...share.python.comments.normalised.map((line) => `# ${line}`),
          'target = model.patchify(pixel_values)',
          'mean, variance = target.mean(-1, keepdim=True), target.var(-1, keepdim=True)',
          'patches = patches * (variance + 1e-6) ** 0.5 + mean',
        ]
      : []),
    'mask = outputs.mask.unsqueeze(-1).repeat(1, 1, patches.shape[-1])',
    'y, m = model.unpatchify(patches), model.unpatchify(mask)',
    'panels = {',
    `    ${quote(titles.original)}: pixel_values,`,
    `    ${quote(titles.masked)}: pixel_values * (1 - m),`,
    `    ${quote(titles.reconstruction)}: y,`,
    `    ${quote(titles.combined)}: pixel_values * (1 - m) + y * m,`,
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
