import type { StoredTensor } from '../tensors/tensors.ts';
import { transposed } from '../tensors/views.ts';
import type { NamingScheme, Renaming } from './scheme.ts';
import { rename } from './scheme.ts';

const RENAMED: Renaming = [
  [/:0$/, ''],
  [/\//g, '.'],
  [/\.layer_\._(?=\d)/, '.layer.'],
  // Files that were saved by parts have the two halves without their names.
  [/^(?=(?:embeddings|encoder|layernorm)\.)/, 'vit.'],
  [/^(?=mask_token$|decoder_(?:pos_embed$|(?:embed|norm|pred|layers)\.))/, 'decoder.'],
  [/\.gamma$/, '.weight'],
  [/\.beta$/, '.bias'],
];

const KERNEL = /\.kernel$/;
/** From a kernel's axes to the published ones: [in, out] → [out, in], [p, p, C, D] → [D, C, p, p]. */
const AXES: ReadonlyMap<number, readonly number[]> = new Map([
  [2, [1, 0]],
  [4, [3, 2, 0, 1]],
]);

/**
 * The names and axes of transformers' TensorFlow models (TFViTMAEForPreTraining, TFViTMAEModel), in their HDF5 files
 * and in safetensors files that they saved: the modules' names, with slashes and `:0`; kernels in the place of weights,
 * with the outputs last.
 */
export const tensorflow: NamingScheme = {
  framework: 'tf',
  layerNormEps: 1e-12,
  parameters(name, tensor) {
    if (!name.endsWith(':0')) return [];
    const renamed = rename(name, RENAMED);
    const axes = KERNEL.test(renamed) ? AXES.get(tensor.shape.length) : undefined;
    return [{ name: renamed.replace(KERNEL, '.weight'), view: () => viewOf(tensor, axes) }];
  },
};

function viewOf(tensor: StoredTensor, axes: readonly number[] | undefined): StoredTensor {
  return axes === undefined ? tensor : transposed(tensor, axes);
}
