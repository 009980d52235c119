/**
 * Files that are not weights which this page can read, recognised so that the message says what they are. Where one of
 * these becomes a format that is read, its line goes, and a file of its own comes into this folder.
 */
import type { ErrorKey, ErrorParams } from '../../base/errors.ts';
import { LensError } from '../../base/errors.ts';
import { beginsLikeLfsPointer, beginsLikeWebPage } from '../bytes/sniff.ts';
import { ARCHIVES, endingWith, FOREIGN_FORMATS } from '../file-names.ts';
import type { FileFormat, FileStart } from './format.ts';

/** The sentences that say nothing but what a file is, and what to do about it. */
type Refusal = {
  [K in ErrorKey]: ErrorParams<K> extends { readonly file: string }
    ? { readonly file: string } extends ErrorParams<K>
      ? K
      : never
    : never;
}[ErrorKey];

type Sniff = FileFormat['sniff'];

const certainIf =
  (test: (start: FileStart) => boolean): Sniff =>
  (start) =>
    test(start) ? 'certain' : null;

const begins = (...beginnings: readonly string[]): Sniff =>
  certainIf(({ text }) => beginnings.some((beginning) => text.startsWith(beginning)));

/** `mark` at this place in the file. */
const has = (mark: string, at: number): Sniff => certainIf(({ text }) => text.startsWith(mark, at));

const named =
  (pattern: RegExp): Sniff =>
  ({ name }) =>
    pattern.test(name) ? 'likely' : null;

const either =
  (one: Sniff, other: Sniff): Sniff =>
  (start) =>
    one(start) ?? other(start);

/** A format whose reading is a refusal. */
function refused(key: Refusal, sniff: Sniff, extensions: readonly string[] = []): FileFormat {
  return {
    name: key.slice(key.indexOf('/') + 1),
    sniff,
    extensions,
    fileNames: [],
    async read({ name: file }) {
      throw new LensError(key, { file });
    },
  };
}

/** Of two that begin alike the one that says more comes first. */
export const FOREIGN: readonly FileFormat[] = [
  refused(
    'checkpoint-malformed/empty',
    certainIf(({ size }) => size === 0),
  ),
  refused(
    'checkpoint-unsupported/lfs-pointer',
    certainIf(({ text }) => beginsLikeLfsPointer(text)),
  ),
  refused(
    'checkpoint-unsupported/web-page',
    certainIf(({ text }) => beginsLikeWebPage(text)),
  ),
  refused(
    'checkpoint-unsupported/xml',
    certainIf(({ text }) => /^(?:\xef\xbb\xbf)?\s*<\?xml\b/i.test(text)),
  ),
  refused('checkpoint-unsupported/pytorch-before-0.2', has('ustar', 257), ARCHIVES.tar),
  refused(
    'checkpoint-unsupported/keras-weights',
    named(endingWith(FOREIGN_FORMATS.keras)),
    FOREIGN_FORMATS.keras,
  ),
  refused(
    'checkpoint-unsupported/tensorflow-checkpoint',
    named(/(?:^|[-._])ckpt[-.\d]*\.(?:index|meta)$|\.data-\d+-of-\d+$/),
    FOREIGN_FORMATS.tensorflow,
  ),
  refused('checkpoint-unsupported/flax', named(endingWith(FOREIGN_FORMATS.flax)), FOREIGN_FORMATS.flax),
  refused('checkpoint-unsupported/numpy-array', begins('\x93NUMPY'), FOREIGN_FORMATS.numpy),
  refused('checkpoint-unsupported/gguf', begins('GGUF', 'ggjt', 'lmgg'), FOREIGN_FORMATS.gguf),
  refused(
    'checkpoint-unsupported/onnx',
    either(has('ORTM', 4), named(endingWith(FOREIGN_FORMATS.onnx))),
    FOREIGN_FORMATS.onnx,
  ),
  refused('checkpoint-unsupported/tflite', has('TFL3', 4), FOREIGN_FORMATS.tflite),
  // What begins like one is PyTorch's, or its reader says what else it is.
  refused('checkpoint-unsupported/zip-of-others', named(endingWith(ARCHIVES.zip)), ARCHIVES.zip),
  refused('checkpoint-unsupported/gzip', begins('\x1f\x8b'), ARCHIVES.gzip),
  refused('checkpoint-unsupported/bzip2', begins('BZh'), ARCHIVES.bzip2),
  refused('checkpoint-unsupported/xz', begins('\xfd7zXZ'), ARCHIVES.xz),
  refused('checkpoint-unsupported/zstandard', begins('\x28\xb5\x2f\xfd'), ARCHIVES.zstandard),
  refused('checkpoint-unsupported/7-zip', begins('7z\xbc\xaf'), ARCHIVES.sevenZip),
  refused('checkpoint-unsupported/rar', begins('Rar!'), ARCHIVES.rar),
  refused('checkpoint-unsupported/bare-pickle', begins('\x80\x02', '\x80\x03', '\x80\x04', '\x80\x05')),
  refused('checkpoint-unsupported/document', begins('\x89PNG', '\xff\xd8\xff', 'GIF8', '%PDF')),
];
