import { describe, expect, test } from 'vitest';
import { KNOWN_MODELS } from '../../src/checkpoint/sources/hub-known.ts';
import { PUBLISHED } from './published.ts';

/** The sources' own lines, from transformers' conversion script and integration test. */
const CONVERSION_SCRIPT = {
  'facebook/vit-mae-base':
    '[[-0.9192, -0.8481, -1.1259], [-1.1349, -1.0034, -1.2599], [-1.1757, -1.0429, -1.2726]]',
  'facebook/vit-mae-large':
    '[[-0.7309, -0.7128, -1.0169], [-1.0161, -0.9058, -1.1878], [-1.0478, -0.9411, -1.1911]]',
  'facebook/vit-mae-huge':
    '[[-1.1599, -0.9199, -1.2221], [-1.1952, -0.9269, -1.2307], [-1.2143, -0.9337, -1.2262]]',
};
const INTEGRATION_TEST =
  '[[-0.0548, -1.7023, -0.9325], [0.3721, -0.5670, -0.2233], [0.8235, -1.3878, -0.3524]]';

function find(repository: string, source: string) {
  return PUBLISHED.find((model) => model.repository === repository)?.slices.find(
    (slice) => slice.source === source,
  );
}

describe('the published numbers', () => {
  test('are of the three published models, in the shapes of their logits', () => {
    expect(PUBLISHED.map(({ repository }) => repository)).toEqual(
      KNOWN_MODELS.map(({ repository }) => repository),
    );
    expect(PUBLISHED.map(({ shape }) => shape)).toEqual([
      [1, 196, 768],
      [1, 196, 768],
      [1, 256, 588],
    ]);
  });

  test.each(Object.entries(CONVERSION_SCRIPT))(
    'of %s are those of the conversion script',
    (repository, text) => {
      const found = find(repository, 'conversion script');
      expect(found?.slice).toEqual(JSON.parse(text));
      expect(found).toMatchObject({ generator: 'torch', seed: 2, atol: 1e-4, rtol: 1e-5 });
      expect(found?.image).toMatchObject({ width: 224, height: 224 });
      expect(found?.image.url).toMatch(/\/147738734-196fd92f-9260-48d5-ba7e-bf103d29364d\.jpg$/);
    },
  );

  test('of base are also those of the integration test', () => {
    const found = find('facebook/vit-mae-base', 'integration test');
    expect(found?.slice).toEqual(JSON.parse(INTEGRATION_TEST));
    expect(found).toMatchObject({ generator: 'numpy', seed: 2, atol: 1e-4, rtol: 1e-4 });
    expect(found?.image).toMatchObject({ width: 640, height: 480 });
    expect(found?.image.url).toMatch(/\/tests\/fixtures\/tests_samples\/COCO\/000000039769\.png$/);
    expect(PUBLISHED.flatMap(({ slices }) => slices)).toHaveLength(4);
  });
});
