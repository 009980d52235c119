import { expect, test } from 'vitest';
import { PUBLISHED_PREPROCESSOR } from '../image/published.ts';
import { DEFAULT_GEOMETRY } from '../store/mask/masking.ts';
import { DEFAULT_SETTINGS } from '../store/mask/settings.ts';
import type { Sweep } from '../store/sweep/sweep.ts';
import { modelInfo } from '../store/testing/fake-engine.ts';
import { sweepCsv } from './sweep.ts';

test('the numbers of several runs: a row for each, exact, with what made it', () => {
  const sweep: Sweep = {
    kind: 'ratios',
    image: {
      key: 1,
      name: 'Cat',
      blob: new Blob(),
      prepared: {
        id: 'p',
        width: 4,
        height: 4,
        imageSize: 224,
        original: new Uint8ClampedArray(),
        normalization: PUBLISHED_PREPROCESSOR,
      },
      preparedWith: null,
    },
    model: modelInfo(),
    source: { kind: 'url', name: 'Test model', baseUrl: 'http://localhost/' },
    settings: { ...DEFAULT_SETTINGS, generator: 'numpy', painted: new Map([[3, 'masked']]) },
    geometry: DEFAULT_GEOMETRY,
    total: 3,
    outcomes: [
      { seed: '2', ratio: 0.05, masked: 10, loss: 0.123456789 },
      { seed: '3', ratio: 0.95, masked: 187, loss: null },
    ],
    moments: null,
    status: 'cancelled',
    error: null,
    waiting: null,
    secondsLeft: null,
  };
  expect(sweepCsv(sweep)).toBe(
    [
      'seed,generator,strategy,manual_patches,mask_ratio,masked_patches,patches,loss',
      '2,NumPy,random,1,0.05,10,196,0.123456789',
      '3,NumPy,random,1,0.95,187,196,',
      '',
    ].join('\r\n'),
  );
});
