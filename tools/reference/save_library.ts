/**
 * tsx save_library.ts FOLDER: models as the library saves them, for writers/fixture_library.py to load.
 * - random, random-fp16: from a config and a seed; encoder: what of it ViTForImageClassification takes.
 * - loaded, loaded-fp16: a golden checkpoint, loaded and saved again.
 */
import { join, resolve } from 'node:path';
import { ViTMAEConfig, ViTMAEForPreTraining } from '../../src/vitmae/index.ts';
import { SAVED } from './saved-model.ts';

const [folder = '.'] = process.argv.slice(2);
const model = new ViTMAEForPreTraining(new ViTMAEConfig(SAVED.config), { seed: SAVED.seed });
await model.save_pretrained(join(folder, 'random'));
await model.save_pretrained(join(folder, 'random-fp16'), { dtype: 'fp16' });
await model.encoder.save_pretrained(join(folder, 'encoder'));

const loaded = await ViTMAEForPreTraining.from_pretrained(
  resolve(import.meta.dirname, 'golden/patch4-16px'),
);
await loaded.save_pretrained(join(folder, 'loaded'));
await loaded.save_pretrained(join(folder, 'loaded-fp16'), { dtype: 'fp16' });
await loaded.dispose();
