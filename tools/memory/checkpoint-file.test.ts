import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openFromFiles } from '../../src/checkpoint/sources/files.ts';
import { writeCheckpoint } from './checkpoint-file.ts';

test('writes a complete checkpoint of the size that it says', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'mae-lens-memory-test-'));
  try {
    const config = {
      hidden_size: 96,
      num_hidden_layers: 1,
      intermediate_size: 64,
      decoder_num_hidden_layers: 1,
    };
    const file = path.join(folder, 'model.safetensors');
    const bytes = await writeCheckpoint(config, file);
    const checkpoint = await openFromFiles([
      new File([JSON.stringify(config)], 'config.json'),
      new File([readFileSync(file)], 'model.safetensors'),
    ]);
    expect(checkpoint.bytes).toBe(bytes);
    const bias = new Float32Array(96);
    await checkpoint.readFloat32('vit.layernorm.bias', bias);
    expect(Math.max(...bias.map(Math.abs))).toBeLessThanOrEqual(0.02);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
