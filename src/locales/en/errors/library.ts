/** Calls of the library that cannot be answered: what was given, and what was expected. */
import type { Shown } from '../../values.ts';
import { shown } from '../phrases.ts';

export interface Argument {
  /** What it was given to: "ViTMAEForPreTraining". */
  readonly to: string;
  readonly name: string;
}

export const libraryErrors = {
  'argument-invalid/choice': ({
    name,
    value,
    choices,
  }: {
    readonly name: string;
    readonly value: Shown;
    readonly choices: readonly string[];
  }) => `${name} is ${shown(value)}; it can be ${choices.join(', ')}.`,
  'argument-invalid/disposed': ({ model }: { readonly model: string }) =>
    `This ${model} has been disposed of. Load it again with ${model}.from_pretrained.`,
  'argument-invalid/head-mask-range': ({ name, value }: { readonly name: string; readonly value: number }) =>
    `${name} holds ${value}; its values go from 0 (without that head) to 1 (with it).`,
  'argument-invalid/head-mask-tensorflow':
    'The TensorFlow classes take no head_mask: the reference raises NotImplementedError. Use ViTMAEForPreTraining or ViTMAEModel.',
  'argument-invalid/missing': ({ to, name }: Argument) => `${to} needs ${name}.`,
  'argument-invalid/no-path': ({ path }: { readonly path: string }) =>
    `"${path}" is a path on a disk, and there is no disk here. Give files (File[], a directory handle), a name on the hub or an address.`,
  'argument-invalid/no-config': ({ file }: { readonly file: string }) =>
    `There is no ${file} there. Check the name or the folder.`,
  'argument-invalid/patch-count': ({
    patches,
    rows,
    columns,
  }: {
    readonly patches: number;
    readonly rows: number;
    readonly columns: number;
  }) => `${patches} patches are no image of ${rows} x ${columns} patches. Give original_image_size.`,
  'argument-invalid/patch-multiple': ({
    height,
    width,
    patch,
  }: {
    readonly height: number;
    readonly width: number;
    readonly patch: number;
  }) => `An image of ${height} x ${width} pixels cannot be cut into patches of ${patch} x ${patch}.`,
  'not-found/path': ({ path }: { readonly path: string }) =>
    `There is no file or folder "${path}". A name on the hub has the form owner/name.`,
  'argument-invalid/source':
    'A model comes from a name on the hub ("facebook/vit-mae-base"), an address, files (File[], FileList), a directory handle, or in Node a path.',
  'argument-invalid/tensor': ({
    name,
    type,
    shape,
    wanted,
  }: {
    readonly name: string;
    readonly type: string;
    readonly shape: readonly number[];
    /** "float32 [batch, 3, 224, 224]" */
    readonly wanted: string;
  }) => `${name} is ${type} [${shape.join(', ')}]; expected is ${wanted}.`,
  'argument-invalid/type': ({
    name,
    value,
    wanted,
  }: {
    readonly name: string;
    readonly value: Shown;
    readonly wanted: string;
  }) => `${name} is ${shown(value)}; expected is ${wanted}.`,
  'argument-invalid/unknown': ({ to, name, known }: Argument & { readonly known: readonly string[] }) =>
    `${to} takes no "${name}". It takes ${known.join(', ')}.`,
} as const;
