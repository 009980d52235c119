import { readFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { ROOT } from './models.ts';

/** For people: processor, memory and system. */
export function machine(): string {
  const processor = cpus()[0]?.model.trim() ?? 'unknown processor';
  const memory = (totalmem() / 2 ** 30).toFixed(0);
  return `${processor}, ${cpus().length} cores, ${memory} GiB, ${type()} ${release()}`;
}

/** Of what runs models; those of the browser and of Python are known when they run. */
export function packageVersions(): string[] {
  const versionOf = (name: string) => {
    const file = path.join(ROOT, 'node_modules', name, 'package.json');
    return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(file, 'utf8'))).version;
  };
  return [
    `Node ${process.version}`,
    `onnxruntime-web ${versionOf('onnxruntime-web')}`,
    `onnxruntime-node ${versionOf('onnxruntime-node')}`,
    `transformers.js ${versionOf('@xenova/transformers')}`,
  ];
}
