import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

function read(file: string): string {
  return readFileSync(fileURLToPath(new URL(`../../${file}`, import.meta.url)), 'utf8');
}

const lockfile = z.object({
  lockfileVersion: z.literal(3),
  packages: z.record(
    z.string(),
    z
      .object({
        version: z.string().optional(),
        optionalDependencies: z.record(z.string(), z.string()).optional(),
      })
      .loose(),
  ),
});

const manifest = z.object({
  dependencies: z.record(z.string(), z.string()),
  devDependencies: z.record(z.string(), z.string()),
});

describe('package-lock.json', () => {
  const text = read('package-lock.json');
  const { packages } = lockfile.parse(JSON.parse(text));

  it.each(['onnxruntime-web', 'onnxruntime-common', 'onnxruntime-node'])('has %s once', (name) => {
    const copies = Object.keys(packages).filter((path) => path.endsWith(`node_modules/${name}`));
    expect(copies).toEqual([`node_modules/${name}`]);
  });

  it('runs the same version everywhere', () => {
    const versions = ['web', 'common', 'node'].map(
      (part) => packages[`node_modules/onnxruntime-${part}`]?.version,
    );
    expect(new Set(versions).size).toBe(1);
  });

  it('has every platform, so that `npm ci` works on all of them', () => {
    const missing = Object.values(packages).flatMap(({ optionalDependencies }) =>
      Object.keys(optionalDependencies ?? {}).filter(
        (name) => packages[`node_modules/${name}`] === undefined,
      ),
    );
    expect(missing).toEqual([]);
  });

  it('names no host: where packages come from is for each machine to say', () => {
    expect(text).not.toContain('"resolved"');
    expect(Object.values(packages).filter((entry) => 'resolved' in entry)).toEqual([]);
  });
});

describe('package.json', () => {
  it('pins exact versions, so that what was measured is what is installed', () => {
    const { dependencies, devDependencies } = manifest.parse(JSON.parse(read('package.json')));
    const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
      ([, version]) => !/^(npm:.+@)?\d+\.\d+\.\d+$/.test(version),
    );
    expect(loose).toEqual([]);
  });
});
