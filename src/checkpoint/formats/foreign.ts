/** Files that are not weights which this page can read, recognised by how they begin, so that the message says what they are. */
import { LensError } from '../../base/errors.ts';
import type { ByteSource } from '../bytes/bytes.ts';
import { quote } from '../bytes/words.ts';

/** Longer than any beginning below. */
export const START_BYTES = 512;

const SAFETENSORS_OR_BIN =
  'Use model.safetensors or pytorch_model.bin of the same model; where it has neither, load it in Python and save it with save_pretrained.';
const SAVE_WEIGHTS =
  'Load it in Python and save the weights alone, with torch.save(model.state_dict(), "weights.pth").';
const DOWNLOAD_AGAIN = 'Download the file itself again.';

interface Foreign {
  /** By the file's first bytes, as Latin-1 text, and its name in lower case. */
  readonly matches: (start: string, name: string) => boolean;
  readonly what: string;
  readonly advice: string;
}

const starts =
  (...beginnings: readonly string[]) =>
  (start: string): boolean =>
    beginnings.some((beginning) => start.startsWith(beginning));
const ends =
  (pattern: RegExp) =>
  (_: string, name: string): boolean =>
    pattern.test(name);

const FOREIGN: readonly Foreign[] = [
  {
    matches: starts('version https://git-lfs'),
    what: 'is a Git LFS pointer that stands for the real file',
    advice: 'Fetch that with "git lfs pull", or download it from the model\'s page.',
  },
  {
    matches: (start) => /^(?:ï»¿)?\s*<(?:!doctype html|html|head|body)\b/i.test(start),
    what: 'is a web page, which was saved instead of the weights',
    advice: DOWNLOAD_AGAIN,
  },
  {
    matches: (start) => /^(?:ï»¿)?\s*<\?xml\b/i.test(start),
    what: 'is an XML text, probably the error message of a server',
    advice: DOWNLOAD_AGAIN,
  },
  {
    // torch.save's own magic number, in a pickle of protocol 2.
    matches: starts('\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19'),
    what: "is in PyTorch's old format, from before version 1.6",
    advice:
      'Convert it in Python with any newer version: torch.save(torch.load("old.pth", map_location="cpu"), "new.pth").',
  },
  {
    matches: (start) => start.slice(257, 262) === 'ustar',
    what: "is a tar archive, which was PyTorch's format before version 0.2",
    advice: SAVE_WEIGHTS,
  },
  {
    matches: starts('\x89HDF\r\n\x1a\n'),
    what: "is in TensorFlow's format (HDF5)",
    advice: SAFETENSORS_OR_BIN,
  },
  {
    matches: ends(/\.ckpt[-.\d]*\.(?:index|meta|data-\d+-of-\d+)$/),
    what: 'is a part of a TensorFlow checkpoint',
    advice: SAFETENSORS_OR_BIN,
  },
  { matches: ends(/\.msgpack$/), what: "is in Flax's format (MessagePack)", advice: SAFETENSORS_OR_BIN },
  { matches: starts('\x93NUMPY'), what: 'is a NumPy array (.npy)', advice: SAVE_WEIGHTS },
  {
    matches: starts('GGUF', 'ggjt', 'lmgg'),
    what: "is in llama.cpp's format (GGUF)",
    advice: SAFETENSORS_OR_BIN,
  },
  {
    matches: (start, name) => /\.(?:onnx|ort)$/.test(name) || start.slice(4, 8) === 'ORTM',
    what: 'is an ONNX graph, and this page builds its graphs itself, from the weights',
    advice: SAFETENSORS_OR_BIN,
  },
  {
    matches: (start) => start.slice(4, 8) === 'TFL3',
    what: 'is a TensorFlow Lite model',
    advice: SAFETENSORS_OR_BIN,
  },
  {
    matches: starts('\x1f\x8b'),
    what: 'is compressed with gzip',
    advice: 'Unpack it and choose what is in it.',
  },
  { matches: starts('BZh'), what: 'is compressed with bzip2', advice: 'Unpack it and choose what is in it.' },
  {
    matches: starts('\xfd7zXZ'),
    what: 'is compressed with xz',
    advice: 'Unpack it and choose what is in it.',
  },
  {
    matches: starts('\x28\xb5\x2f\xfd'),
    what: 'is compressed with Zstandard',
    advice: 'Unpack it and choose what is in it.',
  },
  {
    matches: starts('7z\xbc\xaf'),
    what: 'is a 7-Zip archive',
    advice: 'Unpack it and choose what is in it.',
  },
  { matches: starts('Rar!'), what: 'is a RAR archive', advice: 'Unpack it and choose what is in it.' },
  {
    matches: starts('\x80\x02', '\x80\x03', '\x80\x04', '\x80\x05'),
    what: 'is a bare Python pickle, which was not written by torch.save',
    advice: SAVE_WEIGHTS,
  },
  {
    matches: starts('\x89PNG', '\xff\xd8\xff', 'GIF8', '%PDF'),
    what: 'is an image or a document',
    advice: 'Choose the file that holds the weights.',
  },
];

/** Extensions of the above: files to name when there are no weights among those given. */
export const FOREIGN_EXTENSION =
  /\.(?:h5|hdf5|keras|msgpack|npz?|gguf|ggml|onnx|ort|tflite|zip|gz|tgz|tar|xz|bz2|zst|7z|rar|index|meta|data-\d+-of-\d+)$/i;

/** Throws `checkpoint-unsupported` for a file whose first `START_BYTES` bytes, or name, say that it is something else. */
export function refuseForeign({ name, size }: ByteSource, start: Uint8Array): void {
  if (size === 0) {
    throw new LensError('checkpoint-malformed', `${name} is empty. Download or copy the file again.`);
  }
  const text = Array.from(start, (byte) => String.fromCharCode(byte)).join('');
  const found = FOREIGN.find(({ matches }) => matches(text, name.toLowerCase()));
  if (found === undefined) return;
  throw new LensError('checkpoint-unsupported', `${name} ${found.what}. ${found.advice}`);
}

/** The error for a file that nothing is known of. */
export function unknownFormat({ name }: ByteSource): LensError {
  return new LensError(
    'checkpoint-unsupported',
    `${quote(name)} is neither a safetensors nor a PyTorch file. Choose model.safetensors, pytorch_model.bin or a .pth ` +
      'file of a ViTMAE model.',
  );
}
