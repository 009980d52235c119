/** The README.md beside an exported model: what goes in, what comes out, and a script that runs. */
import type { WeightType } from '../graph/placement.ts';
import type { PreprocessorConfig } from '../image/processor.ts';
import { hasOpacity, pillowMode, pythonPixels, RGB_CHANNELS, shownChannels } from '../mae/channels.ts';
import type { ViTMAEConfig } from '../mae/config.ts';
import { geometryOf, imageHeight, imageWidth, patchCount, patchLength } from '../mae/geometry.ts';
import { displayNormalization } from '../mae/panels.ts';

interface Described {
  readonly name: string;
  readonly config: ViTMAEConfig;
  readonly preprocessor: PreprocessorConfig;
}

/** @param dataFiles the names of the files of weights */
export function portableReadme(
  { name, config, preprocessor }: Described,
  weightType: WeightType,
  dataFiles: readonly string[],
): string {
  const { patch_size: p, hidden_size: D, mask_ratio, norm_pix_loss } = config;
  const geometry = geometryOf(config);
  const [C, H, W] = [geometry.channels, imageHeight(geometry), imageWidth(geometry)];
  const L = patchCount(geometry.grid);
  const files = dataFiles.map((file) => `\`${file}\``).join(', ');
  return `# ${oneLine(name)}, as ONNX

The whole of transformers' \`ViTMAEForPreTraining\` as one model of standard ONNX operators (opset 20, for
onnxruntime 1.18 or later), masking and loss inside. Written by MAE Lens.

- \`model.onnx\`: the graph. Keep its weights beside it, under their name${dataFiles.length === 1 ? '' : 's'}: ${files}.
- Weights are stored as ${weightType}${weightType === 'float16' ? ' and computed with in float32' : ''}.
- \`config.json\`, \`preprocessor_config.json\`: what transformers calls the model and how it prepares images.

The weights keep the licence of the model that they come from.

## Inputs, for B images

| name | shape | type | |
|---|---|---|---|
| \`pixel_values\` | [B, ${C}, ${H}, ${W}] | float32 | ${pillowMode(C) ?? `${C} channels`}, resized and normalised as preprocessor_config.json says |
| \`noise\` | [B, ${L}] | float32 | one number for each patch of ${p} × ${p} pixels; those with the smallest are kept |
| \`len_keep\` | [1] | int64 | how many patches are kept: \`int(${L} * (1 - mask_ratio))\` |

## Outputs

| name | shape | type | |
|---|---|---|---|
| \`loss\` | [] | float32 | mean squared error of the masked patches; NaN when none is masked |
| \`logits\` | [B, ${L}, ${patchLength(geometry)}] | float32 | ${norm_pix_loss ? 'every patch as painted, in units of its own mean and deviation (norm_pix_loss)' : 'every patch as painted, in normalised pixels, row by row, channels last'} |
| \`mask\` | [B, ${L}] | float32 | 1 is removed, 0 is kept |
| \`ids_restore\` | [B, ${L}] | int64 | where each patch stands in the shuffled order |
| \`last_hidden_state\` | [B, 1 + len_keep, ${D}] | float32 | what the encoder made of the kept patches, the CLS token first |

## In Python

\`pip install onnxruntime pillow\`, put an image.jpg beside the model, and run this there:

\`\`\`python
${pythonExample(config, preprocessor, mask_ratio)}
\`\`\`
`;
}

function pythonExample(config: ViTMAEConfig, preprocessor: PreprocessorConfig, maskRatio: number): string {
  const { patch_size: p, norm_pix_loss } = config;
  const geometry = geometryOf(config);
  const { grid, channels } = geometry;
  const [H, W] = [imageHeight(geometry), imageWidth(geometry)];
  const { rows, columns } = grid;
  const L = patchCount(grid);
  const shown = channels === RGB_CHANNELS ? '' : `[..., [${shownChannels(channels).join(', ')}]]`;
  const { image_mean, image_std } = displayNormalization(preprocessor);
  return [
    'import numpy as np, onnxruntime',
    'from PIL import Image',
    '',
    `mean, std = np.float32([${image_mean.join(', ')}]), np.float32([${image_std.join(', ')}])`,
    `image = Image.open("image.jpg").convert("${hasOpacity(channels) ? 'RGBA' : 'RGB'}")`,
    ...pythonPixels(channels, `(${W}, ${H})`),
    'pixels = (pixels.astype(np.float32) / 255 - mean) / std',
    `noise = np.random.default_rng(2).random((1, ${L}), np.float32)`,
    `inputs = {"pixel_values": pixels.transpose(2, 0, 1)[None], "noise": noise, "len_keep": np.int64([${L} * (1 - ${maskRatio})])}`,
    'loss, logits = onnxruntime.InferenceSession("model.onnx").run(["loss", "logits"], inputs)',
    ...(norm_pix_loss
      ? [
          `patches = pixels.reshape(${rows}, ${p}, ${columns}, ${p}, ${channels}).transpose(0, 2, 1, 3, 4).reshape(${L}, -1)`,
          'logits = logits * np.sqrt(patches.var(1, ddof=1, keepdims=True) + 1e-6) + patches.mean(1, keepdims=True)',
        ]
      : []),
    `painted = logits.reshape(${rows}, ${columns}, ${p}, ${p}, ${channels}).transpose(0, 2, 1, 3, 4).reshape(${H}, ${W}, ${channels}) * std + mean`,
    `Image.fromarray(np.uint8(np.clip(painted * 255, 0, 255).round())${shown}).save("reconstruction.png")`,
    'print("loss", loss)',
  ].join('\n');
}

/** A model's name is a visitor's or a file's: it must not write Markdown. */
function oneLine(name: string): string {
  return name.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*_<>[\]#|]/g, (character) => `\\${character}`);
}
