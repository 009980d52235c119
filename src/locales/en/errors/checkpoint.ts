/** What can go wrong with a model's files on their way from disk, hub or address to named tensors: src/checkpoint. */
import type { AskedBy, Counts, Damage, Listed, Names, Shown } from '../../values.ts';
import { format } from '../format.ts';
import { adviceFor, asker, bytes, damaged, listed, moreBytes, shown } from '../phrases.ts';

/** What a visitor can type. */
const EXAMPLES =
  'Type a name such as facebook/vit-mae-base, or the address of the folder that has config.json and the weights.';

const tooLong = ({ file, bytes: count }: Names<'file'> & Counts<'bytes'>) =>
  `${file} has ${bytes(count)}, far too many for what it should be. Get the file again.`;
const notJson = ({ file }: Names<'file'>) =>
  `${file} is not a JSON file. Get the file again from where the model is.`;

export interface Given {
  /** The first names of the files that were chosen. */
  readonly given: readonly string[];
}
const chooseAll = ({ given }: Given) =>
  `Choose all files of the model together (given: ${given.length === 0 ? 'none' : given.join(', ')}).`;

/** Of files, wherever they are. */
const fileErrors = {
  'not-found/file-gone': ({ file }: Names<'file'>) =>
    `${file} can no longer be read: it was moved, deleted or changed after it was chosen. Choose it again.`,
  'checkpoint-malformed/ends-too-early': ({ file, missing }: Names<'file'> & Counts<'missing'>) =>
    `${file} ends too early: expected ${moreBytes(missing)}. Download or copy the file again.`,
  'config-invalid/json-too-long': tooLong,
  'checkpoint-malformed/json-too-long': tooLong,
  'config-invalid/not-json': notJson,
  'checkpoint-malformed/not-json': notJson,

  'checkpoint-unsupported/same-name': ({ file }: Names<'file'>) =>
    `Two of the files are called ${file}. Choose the files of one model only.`,
  'not-found/weights-not-chosen': (files: Given) =>
    `A file is missing: the weights (model.safetensors). ${chooseAll(files)}`,
  'not-found/shard-not-chosen': ({ shard, ...files }: Names<'shard'> & Given) =>
    `A file is missing: ${shard}, a part of the weights. ${chooseAll(files)}`,
  'not-found/index-not-chosen': ({ index, one, other, ...files }: Names<'index' | 'one' | 'other'> & Given) =>
    `A file is missing: ${index}, which says how ${one} and ${other} belong together. ${chooseAll(files)}`,
  'not-found/several-weights': ({ one, other }: Names<'one' | 'other'>) =>
    `It is not clear which file holds the weights: ${one} or ${other}. Choose one of them, with its config.json.`,
  'checkpoint-malformed/index-without-map': ({ file }: Names<'file'>) =>
    `${file} has no weight_map, the list of which file holds which tensor. Download the file again.`,
  'checkpoint-malformed/index-leads-elsewhere': ({
    file,
    tensor,
    shard,
    extension,
  }: Names<'file' | 'tensor' | 'extension'> & { readonly shard: Shown }) =>
    `${file} says that the tensor ${tensor} is in ${shown(shard)}, which is not the name of a ${extension} file beside ` +
    'it. Download the file again.',
  'checkpoint-malformed/tensor-not-in-shard': ({ file, tensor, shard }: Names<'file' | 'tensor' | 'shard'>) =>
    `${file} says that the tensor ${tensor} is in ${shard}, and it is not. Check that all parts come from the same ` +
    'model.',
} as const;

/** Of tensors and their names. */
const tensorErrors = {
  'checkpoint-unsupported/dtype': ({ tensor, file, dtype }: Names<'tensor' | 'file' | 'dtype'>) =>
    `The tensor ${tensor} in ${file} is stored as ${dtype}, which this page cannot read. Save the model as float32, ` +
    'float16 or bfloat16 and load it again.',
  'checkpoint-malformed/tensor-crc': ({ tensor, file }: Names<'tensor' | 'file'>) =>
    `The tensor ${tensor} in ${file} is damaged: its bytes do not fit their checksum (CRC-32). Download or copy the file ` +
    'again.',
  'checkpoint-malformed/not-finite': ({ tensor, file }: Names<'tensor' | 'file'>) =>
    `The tensor ${tensor} in ${file} holds values that are no numbers (NaN or infinite), so these weights are damaged: ` +
    'the file, or the training that wrote it. Get the file again, or an earlier checkpoint.',
  'checkpoint-malformed/parameter-twice': ({ file, one, other }: Names<'file' | 'one' | 'other'>) =>
    `${file} holds two tensors for one parameter of the model: ${one} and ${other}. Save the model again without the ` +
    'copy.',
  'checkpoint-wrong-shape/fused': ({
    tensor,
    file,
    shape,
    parts,
  }: Names<'tensor' | 'file' | 'shape'> & Counts<'parts'>) =>
    `The tensor ${tensor} in ${file} has the shape ${shape}, and its rows cannot be shared out to ${parts} parameters. ` +
    "Check that the file is complete and a masked autoencoder's.",
  'checkpoint-wrong-shape/parameter': ({
    tensor,
    file,
    shape,
    expected,
    askedBy,
  }: Names<'tensor' | 'file' | 'shape' | 'expected'> & { readonly askedBy: AskedBy }) =>
    `The tensor ${tensor} in ${file} has the shape ${shape}, and ${asker(askedBy)} asks for ${expected}. ` +
    adviceFor(askedBy),
  'checkpoint-missing-tensor/parameters': ({
    file,
    count,
    expected,
    missing,
    askedBy,
  }: Names<'file'> &
    Counts<'count' | 'expected'> & { readonly missing: Listed; readonly askedBy: AskedBy }) =>
    `${file} lacks ${format.number(count)} of the ${format.number(expected)} tensors that ${asker(askedBy)} asks for: ` +
    `${listed(missing)}. ${adviceFor(askedBy)}`,
  'checkpoint-missing-tensor/other-model': ({ file, found }: Names<'file'> & { readonly found: Listed }) =>
    `${file} does not hold a ViTMAE model: it has ` +
    `${found.names.length === 0 ? 'no tensor at all' : `tensors such as ${listed(found)}`}. Load a ` +
    'ViTMAEForPreTraining checkpoint, for example facebook/vit-mae-base.',
  'checkpoint-missing-tensor/classifier': ({ file, tensor }: Names<'file' | 'tensor'>) =>
    `${file} holds a Vision Transformer that names what is in an image (it has ${tensor}). It has no decoder, which ` +
    'would paint the hidden patches, so it cannot reconstruct an image. Load a masked autoencoder, for example ' +
    'facebook/vit-mae-base or mae_visualize_vit_base.pth.',
  'checkpoint-missing-tensor/encoder-only': ({ file }: Names<'file'>) =>
    `${file} holds the encoder only. The decoder, which paints the hidden patches, is not in it, so it cannot ` +
    'reconstruct an image. Load the complete model (ViTMAEForPreTraining), for example facebook/vit-mae-base or ' +
    'mae_visualize_vit_base.pth.',

  'checkpoint-missing-tensor/size-unknown': ({ file, tensor }: Names<'file' | 'tensor'>) =>
    `${file} lacks a tensor that says how large the model is: ${tensor}. Download or copy the file again.`,
  'checkpoint-wrong-shape/size-unknown': ({ tensor, file, shape }: Names<'tensor' | 'file' | 'shape'>) =>
    `The tensor ${tensor} in ${file} has the shape ${shape}, from which the model's size cannot be read. Download or ` +
    'copy the file again, or add the config.json of the model.',
  'not-found/heads-unknown': ({
    file,
    part,
    width,
  }: Names<'file'> & Counts<'width'> & { readonly part: 'encoder' | 'decoder' }) =>
    `A file is missing: config.json, which says how the model is built. The shapes in ${file} do not tell how many ` +
    `attention heads its ${part} of width ${width} has. Choose config.json together with the weights.`,
  'config-unsupported/shapes': ({ file, reason }: Names<'file' | 'reason'>) =>
    `The shapes in ${file} describe a model that this page cannot run. If they stood in a config.json: ${reason}`,
} as const;

/** Of names and addresses that a visitor types. */
const addressErrors = {
  'not-found/nothing-typed': `No model was named. ${EXAMPLES}`,
  'not-found/address-not-https': ({ typed }: Names<'typed'>) =>
    `${typed} is not an address that a web page can read: it must begin with https://.`,
  'not-found/address-incomplete': ({ typed }: Names<'typed'>) =>
    `${typed} is not a complete web address. ${EXAMPLES}`,
  'not-found/address-percent-sign': ({ typed }: Names<'typed'>) =>
    `${typed} is not a sound web address: a percent sign in it stands alone.`,
  'not-found/address-question-mark': ({ typed }: Names<'typed'>) =>
    `${typed} has a question mark, so it is not a folder that has a model's files. ${EXAMPLES}`,
  'not-found/address-of-dataset': ({ typed }: Names<'typed'>) =>
    `${typed} is a dataset, not a model. Open the model's own page and copy its address.`,
  'not-found/address-of-space': ({ typed }: Names<'typed'>) =>
    `${typed} is a space, not a model. Open the model's own page and copy its address.`,
  'not-found/address-without-model': ({ typed }: Names<'typed'>) => `${typed} names no model. ${EXAMPLES}`,
  'not-found/folder-unsound': ({ typed }: Names<'typed'>) => `${typed} names no folder. ${EXAMPLES}`,
  'not-found/owner-missing': ({ typed, meant }: Names<'typed' | 'meant'>) =>
    `${typed} lacks the owner's name. Did you mean ${meant}?`,
  'not-found/name-unsound': ({ typed }: Names<'typed'>) => `${typed} is not the name of a model. ${EXAMPLES}`,
  'not-found/revision-unsound': ({ typed }: Names<'typed'>) =>
    `${typed} has no sound revision after the model's name. Write it as facebook/vit-mae-base@main, with the name of a ` +
    'branch or tag, a commit, or refs/pr/ and the number of a pull request.',
  'not-found/not-weights': ({ file }: Names<'file'>) =>
    `${file} is not a file of weights that this page reads. Choose a .safetensors, .bin, .pth or .h5 file, or the model's ` +
    'folder.',
} as const;

/** Of folders on the web, and of what has been downloaded from them. */
const remoteErrors = {
  'not-found/config-not-in-folder': ({ model }: Names<'model'>) =>
    `${model} has no config.json, which says how the model is built. Check the address, or give that of a file of ` +
    'weights in it.',
  'not-found/weights-not-in-folder': ({
    model,
    names,
  }: Names<'model'> & { readonly names: readonly string[] }) =>
    `${model} has no weights that this page can read: none of ${names.join(', ')}. Choose a model that is published as ` +
    'safetensors, for PyTorch or for TensorFlow.',
  'not-found/several-in-folder': ({ model, one, other }: Names<'model' | 'one' | 'other'>) =>
    `${model} has several files of weights, ${one} and ${other}. Give the address of the one that you mean.`,
  'not-found/only-keras-in-folder': ({ model, file }: Names<'model' | 'file'>) =>
    `${model} has its weights only in Keras' own format (${file}), which does not keep the names of the weights. Choose a ` +
    'model that was saved with save_pretrained, or load this one in Python and save it so.',
  'not-found/only-tensorflow-in-folder': ({ model, file }: Names<'model' | 'file'>) =>
    `${model} has its weights only as a TensorFlow checkpoint (${file}), which this page cannot read. Choose a model that ` +
    'was saved with save_pretrained, or load this one in Python and save it so.',
  'not-found/only-others-in-folder': ({ model, file }: Names<'model' | 'file'>) =>
    `${model} has no weights that this page can read, only ${file}. Choose a model that is published as safetensors, for ` +
    'PyTorch or for TensorFlow.',
  'not-found/file-not-in-folder': ({ model, file }: Names<'model' | 'file'>) =>
    `${model} has no file ${file}. Check the address.`,
  'not-found/shard-not-in-folder': ({ model, shard }: Names<'model' | 'shard'>) =>
    `${model} lacks ${shard}, a part of the weights. The model was not published completely: choose another.`,
  'not-found/revision': ({ repository, revision }: Names<'repository' | 'revision'>) =>
    `${repository} has no revision ${revision}. Check the part after the @, or leave it out.`,
  'not-found/no-public-model': ({ model, endpoint }: Names<'model' | 'endpoint'>) =>
    `There is no public model ${model} at ${endpoint}: the name is misspelt, or the model is private. Check the name; if ` +
    'the model is private, download its files while signed in and open them from disk.',
  'network/asks-for-consent': ({ repository, endpoint }: Names<'repository' | 'endpoint'>) =>
    `${repository} asks for consent before it gives out its files, which this page cannot give for you. Sign in at ` +
    `${endpoint}/${repository}, download the files there and open them from disk.`,

  'network/offline': ({ url }: Names<'url'>) =>
    `${url} could not be downloaded. This machine is offline: connect it and try again, or open the files from disk.`,
  'network/no-connection': ({ url }: Names<'url'>) =>
    `${url} could not be downloaded. Either the connection failed, or the server does not let other sites read the file ` +
    '(CORS). Check the connection and try again; if it keeps failing, download the files and open them from disk.',
  'network/withheld': ({ url, status }: Names<'url'> & Counts<'status'>) =>
    `The server does not give out ${url} (status ${status}). If the model is private or asks for consent, download its ` +
    'files while signed in and open them from disk.',
  'network/status': ({ url, status }: Names<'url'> & Counts<'status'>) =>
    `The server could not send ${url} (status ${status}). Try again in a while.`,
  'network/broke-off': ({
    url,
    came,
    missing,
  }: Names<'url'> & Counts<'came'> & { readonly missing: number | null }) =>
    `The download of ${url} broke off after ${bytes(came)}` +
    `${missing === null ? '' : `: expected ${moreBytes(missing)}`}. Check the connection and try again.`,
  'not-found/no-file': ({ url }: Names<'url'>) =>
    `There is no file at ${url}. Check the address and the model's name.`,
  'not-found/web-page': ({ url }: Names<'url'>) =>
    `There is no file at ${url}: the server answered with a web page instead. Check the address.`,
  'checkpoint-malformed/damaged-twice': ({ file, damage }: Names<'file'> & { readonly damage: Damage }) =>
    `${file} arrived damaged twice (${damaged(damage)}), so it is not used. Try again later or over another connection, ` +
    'or download it by other means and open it from disk.',

  'storage-full/download': ({
    file,
    needed,
    free,
  }: {
    /** Null for whichever file is being stored. */
    readonly file: string | null;
    /** In bytes; null where nobody says. */
    readonly needed: number | null;
    readonly free: number | null;
  }) =>
    `There is not enough storage: ${file ?? 'the download'} needs ` +
    `${needed === null ? 'more room' : format.size(needed)}, and ` +
    `${free === null ? 'the browser has no more' : `the browser has ${format.size(free)} left`} for this page. Delete ` +
    'models that you no longer need or free some disk space, then try again; or open the files from disk, which stores ' +
    'nothing.',
  'engine-failed/storage-read-only': 'This browser cannot write files here.',
  'not-found/changed-while-stored': ({ file }: Names<'file'>) =>
    `${file} was deleted or changed while it was being stored. Load the model again.`,
  'not-found/deleted-while-opened': ({ file, model }: Names<'file' | 'model'>) =>
    `${file} of ${model} was deleted while it was being opened. Load the model again.`,
} as const;

export const checkpointErrors = {
  ...fileErrors,
  ...tensorErrors,
  ...addressErrors,
  ...remoteErrors,
} as const;
