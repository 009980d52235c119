/** What can be wrong with files of weights, format by format: src/checkpoint/formats. */
import type { Counts, Hdf5Record, Names, Shown } from '../../values.ts';
import { format } from '../format.ts';
import { bytes, moreBytes, shown } from '../phrases.ts';

export type InFile = Names<'file'>;
export interface Value {
  readonly value: Shown;
}

const unsoundSafetensors = ({ file }: InFile, what: string) =>
  `${file} is not a sound safetensors file: ${what}. Download or copy the file again.`;
const unsoundZip = ({ file }: InFile, what: string) =>
  `${file} is not a sound zip archive, which PyTorch's files are: ${what}. Download or copy the file again.`;
const unsoundPyTorch = ({ file }: InFile, what: string) =>
  `${file} is not a sound PyTorch file: ${what}. Download or copy the file again.`;
const unsoundPickle = (params: InFile, what: string) => unsoundPyTorch(params, `its pickle ${what}`);

const safetensorsErrors = {
  'checkpoint-malformed/safetensors-too-short': (
    p: InFile & { readonly bytes: number; readonly least: number },
  ) => unsoundSafetensors(p, `it has ${bytes(p.bytes)}, and the length of its header alone takes ${p.least}`),
  'checkpoint-malformed/safetensors-header-too-long': (p: Names<'file' | 'claimed'> & Counts<'most'>) =>
    unsoundSafetensors(
      p,
      `its header claims ${p.claimed} bytes, and ${p.most} is the most that the format allows`,
    ),
  'checkpoint-malformed/safetensors-header-cut': (p: InFile & Counts<'missing'>) =>
    unsoundSafetensors(p, `it ends inside its header: expected ${moreBytes(p.missing)}`),
  'checkpoint-malformed/safetensors-header-not-utf8': (p: InFile) =>
    unsoundSafetensors(p, 'its header is not UTF-8 text'),
  'checkpoint-malformed/safetensors-header-not-json': (p: InFile) =>
    unsoundSafetensors(p, 'its header is not JSON'),
  'checkpoint-malformed/safetensors-header-not-object': (p: InFile) =>
    unsoundSafetensors(p, 'its header is not a JSON object'),
  'checkpoint-malformed/safetensors-header-too-deep': (p: InFile) =>
    unsoundSafetensors(p, 'its header is nested deeper than the format is'),
  'checkpoint-malformed/safetensors-name-twice': (p: Names<'file' | 'name'>) =>
    unsoundSafetensors(p, `the name ${p.name} occurs twice in its header`),
  'checkpoint-malformed/safetensors-metadata': (p: InFile & Value) =>
    unsoundSafetensors(p, `its __metadata__ is ${shown(p.value)}, not an object of strings`),
  'checkpoint-malformed/safetensors-metadata-value': (p: Names<'file' | 'name'> & Value) =>
    unsoundSafetensors(p, `${p.name} in its __metadata__ is ${shown(p.value)}, not a string`),
  'checkpoint-malformed/safetensors-tensor': (p: Names<'file' | 'tensor'> & Value) =>
    unsoundSafetensors(p, `tensor ${p.tensor} is described by ${shown(p.value)}, not by an object`),
  'checkpoint-malformed/safetensors-field-missing': (p: Names<'file' | 'tensor' | 'field'>) =>
    unsoundSafetensors(p, `tensor ${p.tensor} has no ${p.field}`),
  'checkpoint-malformed/safetensors-field-unknown': (p: Names<'file' | 'tensor' | 'field'>) =>
    unsoundSafetensors(p, `tensor ${p.tensor} has an unknown field ${p.field}`),
  'checkpoint-malformed/safetensors-type': (p: Names<'file' | 'tensor'> & Value) =>
    unsoundSafetensors(p, `tensor ${p.tensor} has the unknown type ${shown(p.value)}`),
  'checkpoint-malformed/safetensors-shape': (p: Names<'file' | 'tensor'>) =>
    unsoundSafetensors(p, `tensor ${p.tensor} has a shape that is not a list of whole numbers from 0 on`),
  'checkpoint-malformed/safetensors-offsets': (p: Names<'file' | 'tensor'>) =>
    unsoundSafetensors(
      p,
      `tensor ${p.tensor} has data_offsets that are not a list of whole numbers from 0 on`,
    ),
  'checkpoint-malformed/safetensors-offset-count': (p: Names<'file' | 'tensor'> & Counts<'count'>) =>
    unsoundSafetensors(p, `tensor ${p.tensor} has ${p.count} data_offsets instead of 2`),
  'checkpoint-malformed/safetensors-reversed': (p: Names<'file' | 'tensor'> & Counts<'start' | 'end'>) =>
    unsoundSafetensors(p, `tensor ${p.tensor} ends (${p.end}) before it starts (${p.start})`),
  'checkpoint-malformed/safetensors-too-large': (p: Names<'file' | 'tensor' | 'shape'>) =>
    unsoundSafetensors(p, `tensor ${p.tensor} has a shape too large to exist: ${p.shape}`),
  'checkpoint-malformed/safetensors-half-bytes': (p: Names<'file' | 'tensor' | 'dtype' | 'shape'>) =>
    unsoundSafetensors(p, `tensor ${p.tensor} does not fill whole bytes: ${p.dtype} ${p.shape}`),
  'checkpoint-malformed/safetensors-size': (
    p: Names<'file' | 'tensor' | 'dtype' | 'shape'> & Counts<'bytes' | 'expected'>,
  ) =>
    unsoundSafetensors(
      p,
      `tensor ${p.tensor} has ${bytes(p.bytes)}, and ${p.dtype} ${p.shape} takes ${format.number(p.expected)}`,
    ),
  'checkpoint-malformed/safetensors-overlap': (p: Names<'file' | 'one' | 'other'> & Counts<'bytes'>) =>
    unsoundSafetensors(p, `tensors ${p.one} and ${p.other} overlap by ${bytes(p.bytes)}`),
  'checkpoint-malformed/safetensors-gap': (p: Names<'file' | 'tensor'> & Counts<'bytes'>) =>
    unsoundSafetensors(p, `no tensor has the ${bytes(p.bytes)} before tensor ${p.tensor}`),
  'checkpoint-malformed/safetensors-gap-at-end': (p: InFile & Counts<'bytes'>) =>
    unsoundSafetensors(p, `no tensor has the last ${bytes(p.bytes)}`),
  'checkpoint-malformed/safetensors-data-cut': (p: InFile & Counts<'missing'>) =>
    unsoundSafetensors(p, `it ends too early: expected ${moreBytes(p.missing)}`),
} as const;

const zipErrors = {
  'checkpoint-malformed/zip-end-missing': (p: InFile) =>
    unsoundZip(p, 'its directory, which stands at its end, is missing; the file was probably cut off'),
  'checkpoint-malformed/zip-directory-too-long': (p: InFile & Counts<'bytes' | 'most'>) =>
    unsoundZip(
      p,
      `its directory has ${bytes(p.bytes)}, and ${format.number(p.most)} is more than any model needs`,
    ),
  'checkpoint-malformed/zip-directory-outside': (p: InFile & Counts<'bytes' | 'start' | 'limit'>) =>
    unsoundZip(
      p,
      `its directory should have ${bytes(p.bytes)} from byte ${p.start} on, and only ${p.limit} come before its end`,
    ),
  'checkpoint-malformed/zip-directory-cut': (p: InFile) =>
    unsoundZip(p, 'its directory ends inside an entry'),
  'checkpoint-malformed/zip-directory-other': (p: InFile) =>
    unsoundZip(p, 'its directory holds something else'),
  'checkpoint-malformed/zip-entry-count': (p: InFile & Counts<'count' | 'expected'>) =>
    unsoundZip(p, `its directory has ${p.count} entries, and should have ${p.expected}`),
  'checkpoint-malformed/zip-records-disagree': (p: InFile) =>
    unsoundZip(p, 'its two records about its directory contradict each other'),
  'checkpoint-malformed/zip64-missing': (p: InFile) => unsoundZip(p, 'its ZIP64 record is missing'),
  'checkpoint-malformed/zip64-outside': (p: InFile) =>
    unsoundZip(p, 'the ZIP64 record of its directory lies outside of the file'),
  'checkpoint-malformed/zip64-misplaced': (p: InFile) =>
    unsoundZip(p, 'the ZIP64 record of its directory is not where it should be'),
  'checkpoint-malformed/zip64-too-large': (p: InFile) =>
    unsoundZip(p, 'the ZIP64 record of its directory has numbers that are too large'),
  'checkpoint-malformed/zip-entry-zip64': (p: Names<'file' | 'entry'>) =>
    unsoundZip(p, `the entry ${p.entry} lacks a ZIP64 number, or it is too large`),
  'checkpoint-malformed/zip-entry-disk': (p: Names<'file' | 'entry'> & Counts<'disk'>) =>
    unsoundZip(p, `the entry ${p.entry} lies on disk ${p.disk} of several`),
  'checkpoint-malformed/zip-entry-twice': (p: Names<'file' | 'entry'>) =>
    unsoundZip(p, `the entry ${p.entry} occurs twice`),
  'checkpoint-malformed/zip-entries-overlap': (p: Names<'file' | 'entry' | 'other'>) =>
    unsoundZip(p, `the entry ${p.entry} overlaps the entry ${p.other}`),
  'checkpoint-malformed/zip-entry-in-directory': (p: Names<'file' | 'entry'>) =>
    unsoundZip(p, `the entry ${p.entry} overlaps the directory`),
  'checkpoint-malformed/zip-entry-two-sizes': (p: Names<'file' | 'entry'> & Counts<'size' | 'unpacked'>) =>
    unsoundZip(p, `the entry ${p.entry} is stored as it is, and has two sizes: ${p.size} and ${p.unpacked}`),
  'checkpoint-malformed/zip-entry-without-room': (p: Names<'file' | 'entry'>) =>
    unsoundZip(p, `the entry ${p.entry} has no room for its header`),
  'checkpoint-malformed/zip-entry-misplaced': (p: Names<'file' | 'entry'>) =>
    unsoundZip(p, `the entry ${p.entry} does not begin where the directory says`),
  'checkpoint-malformed/zip-entry-method': (p: Names<'file' | 'entry'>) =>
    unsoundZip(p, `the entry ${p.entry} is compressed by its header, and not by the directory`),
  'checkpoint-malformed/zip-entry-too-large': (p: Names<'file' | 'entry'>) =>
    unsoundZip(p, `the entry ${p.entry} does not fit in its place`),
  'checkpoint-malformed/zip-entry-place': (p: Names<'file' | 'entry'>) =>
    unsoundZip(p, `the entry ${p.entry} does not fill its place`),
  'checkpoint-malformed/zip-entry-crc': (p: Names<'file' | 'entry'>) =>
    unsoundZip(p, `the bytes of the entry ${p.entry} do not fit their checksum (CRC-32)`),
  'checkpoint-malformed/zip-entry-name': (p: Names<'file' | 'entry' | 'name'>) =>
    unsoundZip(p, `the entry ${p.entry} is called ${p.name} in its header`),
  'checkpoint-malformed/zip-entry-size': (p: Names<'file' | 'entry'> & Counts<'bytes' | 'expected'>) =>
    unsoundZip(
      p,
      `the entry ${p.entry} has ${bytes(p.bytes)} by its header, and ${format.number(p.expected)} by the directory`,
    ),
  'checkpoint-unsupported/zip-compressed': ({
    entry,
    file,
    method,
  }: Names<'entry' | 'file'> & Counts<'method'>) =>
    `The entry ${entry} in ${file} is compressed (method ${method}), and PyTorch reads stored entries only. The archive ` +
    'was probably packed again by another program: use the original file, or pack it again without compression.',
  'checkpoint-unsupported/zip-encrypted': ({ entry, file }: Names<'entry' | 'file'>) =>
    `The entry ${entry} in ${file} is encrypted. Use the original file, without a password.`,
  'checkpoint-unsupported/zip-split': ({ file }: InFile) =>
    `${file} is one part of a zip archive that is split over several files. Join them, or use the original file.`,
} as const;

const pytorchErrors = {
  'checkpoint-malformed/pytorch-two-in-one': ({ file, one, other }: Names<'file' | 'one' | 'other'>) =>
    `${file} holds two PyTorch files in one: ${one} and ${other}. Unpack it, or download the file again.`,
  'checkpoint-malformed/pytorch-word': (p: Names<'file' | 'entry'> & Counts<'bytes'>) =>
    unsoundPyTorch(p, `${p.entry} has ${bytes(p.bytes)} instead of a word`),
  'checkpoint-malformed/pytorch-without-pickle': (p: InFile) => unsoundPyTorch(p, 'data.pkl is missing'),
  'checkpoint-malformed/pytorch-pickle-too-long': (p: Names<'file' | 'entry'> & Counts<'bytes'>) =>
    unsoundPyTorch(p, `${p.entry} has ${bytes(p.bytes)}, far too many for a list of tensors`),
  'checkpoint-malformed/pytorch-values-missing': (p: Names<'file' | 'tensor' | 'entry'>) =>
    unsoundPyTorch(p, `the values of the tensor ${p.tensor} are missing (${p.entry})`),
  'checkpoint-malformed/pytorch-storage-cut': (
    p: Names<'file' | 'storage'> & Counts<'bytes' | 'values' | 'expected'>,
  ) =>
    unsoundPyTorch(
      p,
      `the storage ${p.storage} has ${bytes(p.bytes)}, and its ${format.plural(p.values, { one: '# value takes', other: '# values take' })} ` +
        format.number(p.expected),
    ),
  'checkpoint-malformed/pytorch-storage-keys': (p: InFile) =>
    unsoundPyTorch(p, 'its list of storages is not the one that its tensors lie in'),
  'checkpoint-malformed/pytorch-storage-count': (
    p: Names<'file' | 'storage' | 'count'> & Counts<'expected'>,
  ) =>
    unsoundPyTorch(p, `the storage ${p.storage} begins with the count ${p.count} instead of ${p.expected}`),
  'checkpoint-malformed/pytorch-too-large': (p: Names<'file' | 'tensor' | 'shape'>) =>
    unsoundPyTorch(p, `the tensor ${p.tensor} has a shape too large to exist: ${p.shape}`),
  'checkpoint-malformed/pytorch-outside': (p: Names<'file' | 'tensor' | 'storage'>) =>
    unsoundPyTorch(p, `the tensor ${p.tensor} reaches beyond its storage ${p.storage}`),

  'checkpoint-unsupported/torchscript': ({ file }: InFile) =>
    `${file} is a TorchScript program, made with torch.jit.save. Save the weights instead, with ` +
    'torch.save(model.state_dict(), "weights.pth").',
  'checkpoint-unsupported/numpy-arrays': ({ file }: InFile) =>
    `${file} holds NumPy arrays (.npz). Save the weights as safetensors or with torch.save.`,
  'checkpoint-unsupported/zip-of-model': ({ file }: InFile) =>
    `${file} is a zip archive with the files of a model in it. Unpack it and choose the files themselves.`,
  'checkpoint-unsupported/zip-of-others': ({ file }: InFile) =>
    `${file} is a zip archive, and not one of PyTorch. Choose the file that holds the weights.`,
  'checkpoint-unsupported/byte-order': ({ file, order }: Names<'file' | 'order'>) =>
    `${file} was written on a machine of another byte order (${order}), and this page reads "little" only. Load it in ` +
    'Python on an ordinary machine and save it again.',
  'checkpoint-unsupported/pytorch-version': ({
    file,
    version,
    highest,
  }: Names<'file' | 'version'> & Counts<'highest'>) =>
    `${file} has version ${version} of PyTorch's file format, and ${highest} is the highest that is known here. Save the ` +
    'model as safetensors instead.',
  'checkpoint-unsupported/without-names': ({ file, found }: InFile & { readonly found: readonly string[] }) =>
    `${file} holds no weights by name (it has ${found.length === 0 ? 'no names at all' : found.join(', ')}). Save them ` +
    'with torch.save(model.state_dict(), "weights.pth").',
  'checkpoint-unsupported/python-object': ({ file, name }: Names<'file' | 'name'>) =>
    `${file} holds a whole Python program's object (it names ${name}), which only Python can rebuild. Nothing of it was ` +
    'run. Save the weights alone, with torch.save(model.state_dict(), "weights.pth"), and load that file.',
  'checkpoint-unsupported/python-call': ({ file, name }: Names<'file' | 'name'>) =>
    `${file} asks to run ${name}; a ViTMAE checkpoint never needs that. It was not run. Get the file from a source that ` +
    'you trust, or, if you trust this one, load it in Python and save the weights alone, with ' +
    'torch.save(model.state_dict(), "weights.pth").',
} as const;

const pickleErrors = {
  'checkpoint-malformed/pickle-cut': (p: InFile & Counts<'bytes'>) =>
    unsoundPickle(p, `ends too early, after ${bytes(p.bytes)}`),
  'checkpoint-malformed/pickle-endless': (p: InFile & Counts<'most'>) =>
    unsoundPickle(p, `has more than ${format.number(p.most)} instructions`),
  'checkpoint-malformed/pickle-instruction': (p: Names<'file' | 'instruction'> & Counts<'at'>) =>
    unsoundPickle(p, `has the instruction ${p.instruction} at byte ${p.at}, which PyTorch does not write`),
  'checkpoint-malformed/pickle-protocol': (p: InFile & Counts<'version' | 'highest'>) =>
    unsoundPickle(p, `has protocol ${p.version}, and ${p.highest} is the highest that is known`),
  'checkpoint-malformed/pickle-too-deep': (p: InFile & Counts<'most'>) =>
    unsoundPickle(p, `is nested more than ${format.number(p.most)} deep`),
  'checkpoint-malformed/pickle-group': (p: InFile) => unsoundPickle(p, 'ends a group that it did not begin'),
  'checkpoint-malformed/pickle-nothing-there': (p: InFile) =>
    unsoundPickle(p, 'takes a value where there is none'),
  'checkpoint-malformed/pickle-appends': (p: InFile & Value) =>
    unsoundPickle(p, `appends to ${shown(p.value)}, which is no list`),
  'checkpoint-malformed/pickle-adds': (p: InFile & Value) =>
    unsoundPickle(p, `adds to ${shown(p.value)}, which is no set`),
  'checkpoint-malformed/pickle-sets-item': (p: InFile & Value) =>
    unsoundPickle(p, `sets an item of ${shown(p.value)}, which is no dict`),
  'checkpoint-malformed/pickle-item-without-value': (p: InFile) =>
    unsoundPickle(p, 'sets an item of a dict without a value'),
  'checkpoint-malformed/pickle-recalls': (p: InFile & Counts<'index'>) =>
    unsoundPickle(p, `recalls number ${p.index}, which it did not store`),
  'checkpoint-malformed/pickle-class-name': (p: InFile & { readonly module: Shown; readonly name: Shown }) =>
    unsoundPickle(p, `names a class by ${shown(p.module)} and ${shown(p.name)}`),
  'checkpoint-malformed/pickle-name-endless': (p: InFile) => unsoundPickle(p, 'has a name without an end'),
  'checkpoint-malformed/pickle-calls': (p: InFile & Value) => unsoundPickle(p, `calls ${shown(p.value)}`),
  'checkpoint-malformed/pickle-calls-without-arguments': (p: Names<'file' | 'name'>) =>
    unsoundPickle(p, `calls ${p.name} without arguments`),
  'checkpoint-malformed/pickle-arguments-by-name': (p: InFile) =>
    unsoundPickle(p, 'makes an object with arguments by name'),
  'checkpoint-malformed/pickle-state': (p: InFile & Value) =>
    unsoundPickle(p, `gives a state to ${shown(p.value)}`),
  'checkpoint-malformed/pickle-number': (p: InFile & Counts<'bytes'>) =>
    unsoundPickle(p, `has a whole number of ${bytes(p.bytes)}`),
  'checkpoint-malformed/pickle-dict-from': (p: InFile & Value) =>
    unsoundPickle(p, `makes a dict from ${shown(p.value)}`),
  'checkpoint-malformed/pickle-dict-not-pairs': (p: InFile) =>
    unsoundPickle(p, 'makes a dict from something else than pairs'),
  'checkpoint-malformed/pickle-too-many-dicts': (p: InFile) =>
    unsoundPickle(p, 'makes too many dicts from lists'),
  'checkpoint-malformed/pickle-rebuilds-unknown': (p: InFile) =>
    unsoundPickle(p, 'rebuilds a tensor of an unknown kind'),
  'checkpoint-malformed/pickle-rebuilds-without-arguments': (p: InFile) =>
    unsoundPickle(p, 'rebuilds a tensor without arguments'),
  'checkpoint-malformed/pickle-not-a-storage': (p: InFile & Value) =>
    unsoundPickle(p, `refers to ${shown(p.value)} where a storage should be`),
  'checkpoint-malformed/pickle-storage-length': (p: Names<'file' | 'storage'> & { readonly length: Shown }) =>
    unsoundPickle(p, `has the storage ${p.storage} of ${shown(p.length)} values`),
  'checkpoint-malformed/pickle-storage-type': (p: Names<'file' | 'storage' | 'type'>) =>
    unsoundPickle(p, `has the storage ${p.storage} of the unknown type ${p.type}`),
  'checkpoint-malformed/pickle-tensor-without-storage': (p: InFile & Value) =>
    unsoundPickle(p, `has a tensor in ${shown(p.value)} instead of a storage`),
  'checkpoint-malformed/pickle-tensor-without-type': (p: Names<'file' | 'storage'>) =>
    unsoundPickle(p, `has a tensor without a type in the storage ${p.storage}`),
  'checkpoint-malformed/pickle-tensor-shape': (p: Names<'file' | 'storage'>) =>
    unsoundPickle(p, `has a tensor without a sound shape in the storage ${p.storage}`),
} as const;

const unsoundHdf5 = ({ file }: InFile, what: string) =>
  `${file} is not a sound HDF5 file: ${what}. Download or copy the file again.`;
const HDF5_RECORDS: Readonly<Record<Hdf5Record, string>> = {
  header: 'object header',
  tree: 'B-tree node',
  heap: 'local heap',
};
const saveAgain = (p: Names<'file' | 'dataset'>, how: string) =>
  `The dataset ${p.dataset} in ${p.file} ${how}, which save_pretrained never does. Load the model in Python and save ` +
  'it again with save_pretrained.';

const hdf5Errors = {
  'checkpoint-malformed/hdf5-cut': (p: InFile & Counts<'missing'>) =>
    unsoundHdf5(p, `it ends too early: expected ${moreBytes(p.missing)}`),
  'checkpoint-malformed/hdf5-outside': (p: InFile & { readonly at: number | string }) =>
    unsoundHdf5(p, `it refers to byte ${p.at}, which lies outside of it`),
  'checkpoint-malformed/hdf5-record': (p: InFile & Counts<'at'> & { readonly record: Hdf5Record }) =>
    unsoundHdf5(p, `there is no sound ${HDF5_RECORDS[p.record]} at byte ${p.at}`),
  'checkpoint-malformed/hdf5-endless': (p: InFile) => unsoundHdf5(p, 'its groups have no end'),
  'checkpoint-malformed/hdf5-dataset': (p: Names<'file' | 'dataset'>) =>
    unsoundHdf5(p, `its dataset ${p.dataset} has no sound shape or place`),
  'checkpoint-malformed/hdf5-overlap': (p: Names<'file' | 'one' | 'other'>) =>
    unsoundHdf5(p, `its datasets ${p.one} and ${p.other} overlap`),
  'checkpoint-unsupported/hdf5-version': ({ file, version }: InFile & Counts<'version'>) =>
    `${file} is in a newer version of HDF5's format (${version}) than Keras writes, made with libver="latest". Load the ` +
    'model in Python and save it again with save_pretrained.',
  'checkpoint-unsupported/hdf5-chunked': (p: Names<'file' | 'dataset'>) => saveAgain(p, 'lies in chunks'),
  'checkpoint-unsupported/hdf5-compressed': (p: Names<'file' | 'dataset'>) => saveAgain(p, 'is compressed'),
  'checkpoint-unsupported/hdf5-byte-order': (p: Names<'file' | 'dataset'>) => saveAgain(p, 'is big-endian'),
  'checkpoint-unsupported/hdf5-elsewhere': (p: Names<'file' | 'dataset'>) =>
    saveAgain(p, 'has its values or its type elsewhere'),
} as const;

const CONVERT =
  'Use model.safetensors, pytorch_model.bin or tf_model.h5 of the same model; where it has none, load it in Python and save it ' +
  'with save_pretrained.';
const SAVE_WEIGHTS =
  'Load it in Python and save the weights alone, with torch.save(model.state_dict(), "weights.pth").';
const DOWNLOAD_AGAIN = 'Download the file itself again.';
const UNPACK = 'Unpack it and choose what is in it.';

/** Of files that are recognised and not read. */
const foreignErrors = {
  'checkpoint-malformed/empty': ({ file }: InFile) => `${file} is empty. Download or copy the file again.`,
  'checkpoint-unsupported/unknown-format': ({ file }: InFile) =>
    `${file} is neither a safetensors, a PyTorch nor an HDF5 file. Choose model.safetensors, pytorch_model.bin, ` +
    'tf_model.h5 or a .pth file of a ViTMAE model.',
  'checkpoint-unsupported/lfs-pointer': ({ file }: InFile) =>
    `${file} is a Git LFS pointer that stands for the real file. Fetch that with "git lfs pull", or download it from the ` +
    "model's page.",
  'checkpoint-unsupported/web-page': ({ file }: InFile) =>
    `${file} is a web page, which was saved instead of the weights. ${DOWNLOAD_AGAIN}`,
  'checkpoint-unsupported/xml': ({ file }: InFile) =>
    `${file} is an XML text, probably the error message of a server. ${DOWNLOAD_AGAIN}`,
  'checkpoint-unsupported/pytorch-before-0.2': ({ file }: InFile) =>
    `${file} is a tar archive, which was PyTorch's format before version 0.2. ${SAVE_WEIGHTS}`,
  'checkpoint-unsupported/keras-weights': ({ file }: InFile) =>
    `${file} is in Keras' own format (.weights.h5, .keras), which does not keep the names of the weights. Load them in ` +
    'Python with load_weights, save the model with save_pretrained, and choose tf_model.h5 or model.safetensors.',
  'checkpoint-unsupported/tensorflow-checkpoint': ({ file }: InFile) =>
    `${file} is a part of a TensorFlow checkpoint. ${CONVERT}`,
  'checkpoint-unsupported/flax': ({ file }: InFile) =>
    `${file} is in Flax's format (MessagePack). ${CONVERT}`,
  'checkpoint-unsupported/numpy-array': ({ file }: InFile) =>
    `${file} is a NumPy array (.npy). ${SAVE_WEIGHTS}`,
  'checkpoint-unsupported/gguf': ({ file }: InFile) => `${file} is in llama.cpp's format (GGUF). ${CONVERT}`,
  'checkpoint-unsupported/onnx': ({ file }: InFile) =>
    `${file} is an ONNX graph, and this page builds its graphs itself, from the weights. ${CONVERT}`,
  'checkpoint-unsupported/tflite': ({ file }: InFile) => `${file} is a TensorFlow Lite model. ${CONVERT}`,
  'checkpoint-unsupported/gzip': ({ file }: InFile) => `${file} is compressed with gzip. ${UNPACK}`,
  'checkpoint-unsupported/bzip2': ({ file }: InFile) => `${file} is compressed with bzip2. ${UNPACK}`,
  'checkpoint-unsupported/xz': ({ file }: InFile) => `${file} is compressed with xz. ${UNPACK}`,
  'checkpoint-unsupported/zstandard': ({ file }: InFile) => `${file} is compressed with Zstandard. ${UNPACK}`,
  'checkpoint-unsupported/7-zip': ({ file }: InFile) => `${file} is a 7-Zip archive. ${UNPACK}`,
  'checkpoint-unsupported/rar': ({ file }: InFile) => `${file} is a RAR archive. ${UNPACK}`,
  'checkpoint-unsupported/bare-pickle': ({ file }: InFile) =>
    `${file} is a bare Python pickle, which was not written by torch.save. ${SAVE_WEIGHTS}`,
  'checkpoint-unsupported/document': ({ file }: InFile) =>
    `${file} is an image or a document. Choose the file that holds the weights.`,
} as const;

export const fileFormatErrors = {
  ...safetensorsErrors,
  ...zipErrors,
  ...pytorchErrors,
  ...pickleErrors,
  ...hdf5Errors,
  ...foreignErrors,
} as const;
