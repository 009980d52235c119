import { describe, expect, test } from 'vitest';
import { openFromFiles } from '../checkpoint/sources/files.ts';
import { parsePreprocessorConfig } from '../image/preprocessor-config.ts';
import { toPixelValues } from '../image/processor.ts';
import { resizeBilinear } from '../image/resample.ts';
import { drawImage, type ImageRecipe } from '../image/testing/images.ts';
import { en } from '../locales/en.ts';
import { geometryOf, squareGrid } from '../mae/geometry.ts';
import { denormalizePatches, reconstructionLoss } from '../mae/loss.ts';
import { maskWithPaint, type Painted } from '../mae/manual-mask.ts';
import { lenKeep, type Masking, randomMasking } from '../mae/masking.ts';
import {
  displayNormalization,
  layerOf,
  maskedPanel,
  originalPanel,
  pixelsOf,
  reconstructionAndVisiblePanel,
  reconstructionPanel,
  wholePanel,
} from '../mae/panels.ts';
import { patchify } from '../mae/patches.ts';
import { torchRand } from '../mae/random.ts';
import { float32Array, readFixture, type StoredArray, uint8Array } from '../mae/reference-fixtures.ts';
import type { StrategyId } from '../mae/strategies/strategies.ts';
import { wasmBackend } from '../runtime/device/backend.ts';
import { IN_FP32 } from '../runtime/device/dtype.ts';
import { goldenFiles } from '../runtime/testing/golden-files.ts';
import { loadNodeRuntime } from '../runtime/testing/node-runtime.ts';
import { noiseOf } from '../store/mask/settings.ts';
import { Network } from '../vitmae/network.ts';
import { type PythonInput, pythonScript } from './python.ts';

interface PythonFixture {
  readonly image: ImageRecipe;
  readonly width: number;
  readonly height: number;
  readonly scripts: readonly {
    readonly name: string;
    readonly script_sha256: string;
    readonly mask_ratio: number;
    readonly mask: number[];
    readonly ids_restore: number[];
    readonly loss: number | null;
    readonly logits: StoredArray;
    readonly panels: Readonly<Record<string, StoredArray>>;
  }[];
}

interface Case {
  readonly checkpoint: 'patch4-16px' | 'norm-pix-loss';
  readonly settings: PythonInput['settings'];
  readonly strategy: StrategyId;
  readonly painted?: Painted;
}

/** `npx vitest run src/share/python.test.ts -u` writes tools/reference/scripts; then write.py runs them. */
const CASES: Readonly<Record<string, Case>> = {
  'torch-seed': {
    checkpoint: 'patch4-16px',
    settings: { ratio: 0.75, seed: '2', generator: 'torch' },
    strategy: 'random',
  },
  'numpy-seed': {
    checkpoint: 'patch4-16px',
    settings: { ratio: 0.6, seed: '7', generator: 'numpy' },
    strategy: 'random',
  },
  painted: {
    checkpoint: 'patch4-16px',
    settings: { ratio: 0.5, seed: '-1', generator: 'torch' },
    strategy: 'random',
    painted: new Map([
      [0, 'masked'],
      [5, 'kept'],
      [15, 'kept'],
    ]),
  },
  'nothing-hidden': {
    checkpoint: 'patch4-16px',
    settings: { ratio: 0, seed: '2', generator: 'torch' },
    strategy: 'random',
  },
  'norm-pix-loss-blocks': {
    checkpoint: 'norm-pix-loss',
    settings: { ratio: 0.6, seed: '3', generator: 'torch' },
    strategy: 'block',
  },
};

const PATCHES = 16;
const fixture = await readFixture<PythonFixture>('python');

async function input({ checkpoint, settings, strategy, painted = new Map() }: Case) {
  const opened = await openFromFiles(goldenFiles(checkpoint), {});
  const masking = maskWithPaint(
    strategy,
    noiseOf(settings.seed, settings.generator, PATCHES),
    settings.ratio,
    painted,
    squareGrid(4),
  );
  return {
    opened,
    model: { kind: 'folder', path: checkpoint },
    config: opened.config,
    preprocessor: parsePreprocessorConfig(opened.preprocessorConfig),
    image: { path: 'gradient.png' },
    masking,
    settings,
    dtype: 'fp32',
  } as const;
}

describe.each(Object.entries(CASES))('the script of %s', (name, settings) => {
  test('is the one that Python ran', async () => {
    const script = pythonScript(await input(settings), en);
    await expect(script).toMatchFileSnapshot(`../../tools/reference/scripts/${name}.py`);
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(script));
    expect(Buffer.from(digest).toString('hex')).toBe(find(name).script_sha256);
  });

  test('computes and shows what the page does', async () => {
    const expected = find(name);
    const { opened, preprocessor, masking } = await input(settings);
    const { config } = opened;
    const geometry = geometryOf(config);
    const { image, width, height } = fixture;
    const rgb = resizeBilinear(
      drawImage(image, width, height),
      width,
      height,
      config.image_size,
      config.image_size,
    );
    const pixelValues = await toPixelValues(rgb, config.image_size, preprocessor);
    const patches = patchify(pixelValues, geometry);
    const network = await Network.create(opened, await wasmBackend(loadNodeRuntime, IN_FP32));
    const { last_hidden_state: latent } = await network.encode(patches, [masking]);
    const logits = (await network.decode(latent, [masking])).data as Float32Array;
    await network.dispose();

    expect(Array.from(masking.mask)).toEqual(expected.mask);
    expectClose(logits, float32Array(expected.logits), 1e-4);
    const { loss } = reconstructionLoss(logits, patches, masking.mask, config.norm_pix_loss);
    if (expected.loss === null) expect(loss).toBeNull();
    else expect(loss).toBeCloseTo(expected.loss, 4);

    const display = displayNormalization(preprocessor);
    const painted = config.norm_pix_loss
      ? denormalizePatches(logits, patches, patches.length / masking.mask.length)
      : logits;
    const shown = (title: string) => uint8Array(expected.panels[title] as StoredArray);
    // Displaying truncates, so a last bit more or less in a value can be a level more or less.
    const seen = layerOf(originalPanel(pixelValues, display), geometry);
    const reconstruction = layerOf(reconstructionPanel(painted, geometry, display), geometry);
    const { grid } = geometry;
    const panels = {
      original: wholePanel(seen),
      masked: maskedPanel(seen, grid, masking.mask, display),
      reconstruction: wholePanel(reconstruction),
      'reconstruction + visible': reconstructionAndVisiblePanel(reconstruction, seen, grid, masking.mask),
    };
    for (const [title, panel] of Object.entries(panels)) expectClose(pixelsOf(panel), shown(title), 1);
  });
});

describe('the mask in a script', () => {
  const scriptFor = (
    masking: Masking,
    settings: PythonInput['settings'],
    dtype: PythonInput['dtype'] = 'fp32',
    model: PythonInput['model'] = { kind: 'hub', id: 'facebook/vit-mae-base' },
  ) =>
    pythonScript(
      {
        dtype,
        model,
        config: { image_size: 224, patch_size: 16, norm_pix_loss: false },
        preprocessor: {
          size: 224,
          do_rescale: true,
          rescale_factor: 1 / 255,
          do_normalize: true,
          image_mean: [0.485, 0.456, 0.406],
          image_std: [0.229, 0.224, 0.225],
        },
        image: { path: 'cat.jpg' },
        masking,
        settings,
      },
      en,
    );

  test('is that of the very revision and folder of the model', () => {
    const masking = randomMasking(torchRand(2, 196), 0.75);
    const script = scriptFor(masking, { ratio: 0.75, seed: '2', generator: 'torch' }, 'fp32', {
      kind: 'hub',
      id: 'facebook/vit-mae-large',
      revision: 'refs/pr/3',
      subfolder: 'mae',
    });
    expect(script).toContain(
      'from_pretrained("facebook/vit-mae-large", revision="refs/pr/3", subfolder="mae").float()',
    );
  });

  test('is drawn from the seed where that gives it', () => {
    const script = scriptFor(randomMasking(torchRand(2, 196), 0.75), {
      ratio: 0.75,
      seed: '2',
      generator: 'torch',
    });
    expect(script).toContain('torch.manual_seed(2)\nnoise = torch.rand(1, 196)\n');
    expect(script).toContain('model.config.mask_ratio = 0.75\n');
    expect(script).toContain('from_pretrained("facebook/vit-mae-base")');
  });

  test('is written out for a seed that draws equal values, whose order PyTorch leaves open', () => {
    const seed = 1719;
    expect(new Set(torchRand(seed, 196)).size).toBe(195);
    const script = scriptFor(randomMasking(torchRand(seed, 196), 0.75), {
      ratio: 0.75,
      seed: String(seed),
      generator: 'torch',
    });
    expect(script).not.toContain('manual_seed');
    expect(script).toContain('noise = torch.tensor([[');
  });

  test('has a ratio that keeps exactly as many patches', () => {
    for (const keep of [0, 1, 50, 97, 146, 195, 196]) {
      const { idsShuffle } = randomMasking(torchRand(keep, 196), 0);
      const masking = {
        ...randomMasking(torchRand(keep, 196), 1),
        idsShuffle,
        idsKeep: idsShuffle.slice(0, keep),
      };
      const script = scriptFor(masking, { ratio: 0.75, seed: '2', generator: 'torch' });
      const ratio = Number(/mask_ratio = (\S+)/.exec(script)?.[1]);
      expect(lenKeep(196, ratio)).toBe(keep);
    }
  });

  test('comes with a word when the page computes in something else', () => {
    const masking = randomMasking(torchRand(2, 196), 0.75);
    const settings = { ratio: 0.75, seed: '2', generator: 'torch' } as const;
    expect(scriptFor(masking, settings)).not.toContain('computed in');
    expect(scriptFor(masking, settings, 'q8')).toMatch(/^# The page computed in int8, .*differ/m);
  });

  test('cannot be broken by a name', () => {
    const script = pythonScript(
      {
        model: { kind: 'folder', path: 'a "b"\nimport os', url: 'https://example.org/\nimport os' },
        config: { image_size: 32, patch_size: 16, norm_pix_loss: false },
        preprocessor: {
          size: 32,
          do_rescale: false,
          rescale_factor: 1,
          do_normalize: false,
          image_mean: [0, 0, 0],
          image_std: [1, 1, 1],
        },
        image: { path: 'x".png\n', url: 'y\nimport os' },
        masking: randomMasking(torchRand(2, 4), 0.5),
        settings: { ratio: 0.5, seed: '2', generator: 'torch' },
        dtype: 'q8',
      },
      en,
    );
    expect(script.split('\n').filter((line) => line.startsWith('import os'))).toEqual([]);
    expect(script).toContain('Image.open("x\\".png\\n")');
  });
});

function find(name: string): PythonFixture['scripts'][number] {
  const found = fixture.scripts.find((script) => script.name === name);
  if (found === undefined) throw new Error(`Python has not run ${name}; see tools/reference/README.md.`);
  return found;
}

/** Holds values against the samples that the fixture keeps of them. */
function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(expected.length).toBe(128);
  let most = 0;
  for (let i = 0; i < expected.length; i++) {
    const at = (i * 7919) % actual.length;
    most = Math.max(most, Math.abs((actual[at] as number) - (expected[i] as number)));
  }
  expect(most).toBeLessThanOrEqual(tolerance);
}
