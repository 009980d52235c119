/** From a file's tensors to the model's parameters, whichever of the known names the file uses. */

import { LensError } from '../../base/errors.ts';
import type { ViTMAEConfig } from '../../mae/config.ts';
import { quote, sides } from '../bytes/words.ts';
import type { TensorEntry } from '../checkpoint.ts';
import { converterOf, rowsOf, type StoredTensor } from '../tensors/tensors.ts';
import { AUTHORS } from './facebookresearch.ts';
import {
  CLS_TOKEN,
  DECODER_POSITIONS,
  ENCODER_POSITIONS,
  expectedTensors,
  isParameter,
  PROJECTION,
} from './parameters.ts';
import { PUBLISHED } from './published.ts';
import type { NamingScheme } from './scheme.ts';
import { TRANSFORMERS_5 } from './transformers5.ts';

/** The first of those that know most of a file's names is the file's. */
const SCHEMES: readonly NamingScheme[] = [PUBLISHED, TRANSFORMERS_5, AUTHORS];

/** A file may lack these: they are fixed, not learned. */
const COMPUTED: ReadonlySet<string> = new Set([ENCODER_POSITIONS, DECODER_POSITIONS]);

/** What training wrappers put before every name. */
const WRAPPERS = /^(?:module\.|model\.|_orig_mod\.)+/;
/** What a classifier has in the decoder's place. */
const CLASSIFIER = /^(?:classifier|head|fc_norm)\./;

/** A model's parameters in a file. */
export interface NamedTensors {
  readonly scheme: NamingScheme;
  /** By their published names, in the file's order. */
  readonly found: ReadonlyMap<string, StoredTensor>;
}

/**
 * Finds every parameter of the model among a file's tensors. Tensors that the model does not have are ignored.
 * @param origin for people: the file's name
 * @throws LensError what `nameTensors` and `matchNamed` throw
 */
export function matchTensors(
  config: ViTMAEConfig,
  stored: Iterable<StoredTensor>,
  origin: string,
): ReadonlyMap<string, TensorEntry> {
  return matchNamed(config, nameTensors(stored, origin), origin);
}

/**
 * Finds out by which scheme a file's tensors are named, and which parameters they are.
 * @throws LensError `checkpoint-missing-tensor` when they are not those of a masked autoencoder, or of its encoder
 * only, `checkpoint-malformed` when two of the file's names mean the same parameter
 */
export function nameTensors(stored: Iterable<StoredTensor>, origin: string): NamedTensors {
  const tensors = [...stored];
  const { scheme, known } = SCHEMES.map((scheme) => ({ scheme, known: knownTo(scheme, tensors) })).reduce(
    (best, next) => (next.known.length > best.known.length ? next : best),
  );
  const shares = new Map<string, Share>();
  for (const { tensor, parameters } of known) {
    for (const [i, parameter] of parameters.entries()) {
      const other = shares.get(parameter)?.tensor.name;
      if (other !== undefined) {
        throw new LensError(
          'checkpoint-malformed',
          `${origin} holds two tensors for one parameter of the model: ${quote(other)} and ` +
            `${quote(tensor.name)}. Save the model again without the copy.`,
        );
      }
      shares.set(parameter, { tensor, i, count: parameters.length });
    }
  }
  const names = tensors.map(({ name }) => name);
  refuseOthers(shares, names, origin);
  const found = new Map([...shares].map(([parameter, share]) => [parameter, rowsOfShare(share)]));
  return { scheme, found };
}

/**
 * The parameters that a config asks for.
 * @param asker for people: who asks for them
 * @throws LensError `checkpoint-missing-tensor`, `checkpoint-wrong-shape`, `checkpoint-unsupported` for a type that
 * cannot be read
 */
export function matchNamed(
  config: ViTMAEConfig,
  { found }: NamedTensors,
  origin: string,
  asker = 'its config.json',
): ReadonlyMap<string, TensorEntry> {
  const expected = expectedTensors(config);
  const missing = [...expected.keys()].filter((name) => !found.has(name) && !COMPUTED.has(name));
  if (missing.length > 0) {
    throw new LensError(
      'checkpoint-missing-tensor',
      `${origin} lacks ${missing.length} of the ${expected.size} tensors that ${asker} asks for: ` +
        `${firstThree(missing)}. ${adviceFor(asker)}`,
    );
  }
  const entries = new Map<string, TensorEntry>();
  for (const [name, shape] of expected) {
    const tensor = found.get(name) ?? null;
    if (tensor !== null) {
      refuseShape(tensor, shape, asker);
      converterOf(tensor);
    }
    entries.set(name, { name, shape, stored: tensor });
  }
  return entries;
}

/** A name without what wrappers put before it. */
function unwrapped(name: string): string {
  return name.replace(WRAPPERS, '');
}

function knownTo(
  scheme: NamingScheme,
  tensors: readonly StoredTensor[],
): { readonly tensor: StoredTensor; readonly parameters: readonly string[] }[] {
  return tensors
    .map((tensor) => ({ tensor, parameters: scheme.parameters(unwrapped(tensor.name)) }))
    .filter(({ parameters }) => parameters.every(isParameter));
}

/** The i-th of `count` parameters that a tensor holds one upon the other. */
interface Share {
  readonly tensor: StoredTensor;
  readonly i: number;
  readonly count: number;
}

/** Nothing is copied. */
function rowsOfShare({ tensor, i, count }: Share): StoredTensor {
  if (count === 1) return tensor;
  const [rows = 0] = tensor.shape;
  if (rows === 0 || rows % count !== 0) {
    throw new LensError(
      'checkpoint-wrong-shape',
      `The tensor ${quote(tensor.name)} in ${tensor.source.name} has the shape ${sides(tensor.shape)}, and its rows ` +
        `cannot be shared out to ${count} parameters. Check that the file is complete and a masked autoencoder's.`,
    );
  }
  return rowsOf(tensor, (i * rows) / count, ((i + 1) * rows) / count);
}

function refuseOthers(found: ReadonlyMap<string, unknown>, names: readonly string[], origin: string): void {
  // Models of language have layers of the same names.
  const isVision = found.has(CLS_TOKEN) || found.has(PROJECTION);
  if (found.size > 0 && [...found.keys()].some((name) => name.startsWith('decoder.'))) return;
  if (!isVision) {
    const some = names.length === 0 ? 'no tensor at all' : `tensors such as ${firstThree(names)}`;
    throw new LensError(
      'checkpoint-missing-tensor',
      `${origin} does not hold a ViTMAE model: it has ${some}. Load a ViTMAEForPreTraining checkpoint, for ` +
        'example facebook/vit-mae-base.',
    );
  }
  const head = names.find((name) => CLASSIFIER.test(unwrapped(name)));
  if (head !== undefined) {
    throw new LensError(
      'checkpoint-missing-tensor',
      `${origin} holds a Vision Transformer that names what is in an image (it has ${quote(head)}). It has no ` +
        'decoder, which would paint the hidden patches, so it cannot reconstruct an image. Load a masked ' +
        'autoencoder, for example facebook/vit-mae-base or mae_visualize_vit_base.pth.',
    );
  }
  throw new LensError(
    'checkpoint-missing-tensor',
    `${origin} holds the encoder only. The decoder, which paints the hidden patches, is not in it, so it ` +
      'cannot reconstruct an image. Load the complete model (ViTMAEForPreTraining), for example ' +
      'facebook/vit-mae-base or mae_visualize_vit_base.pth.',
  );
}

function refuseShape(tensor: StoredTensor, shape: readonly number[], asker: string): void {
  if (tensor.shape.length === shape.length && tensor.shape.every((side, i) => side === shape[i])) return;
  throw new LensError(
    'checkpoint-wrong-shape',
    `The tensor ${quote(tensor.name)} in ${tensor.source.name} has the shape ${sides(tensor.shape)}, and ` +
      `${asker} asks for ${sides(shape)}. ${adviceFor(asker)}`,
  );
}

function adviceFor(asker: string): string {
  return asker === 'its config.json'
    ? 'Check that config.json and the weights come from the same model.'
    : 'Download or copy the file again, or add the config.json of the model.';
}

function firstThree(names: readonly string[]): string {
  const listed = names.slice(0, 3).map(quote).join(', ');
  return names.length > 3 ? `${listed} and ${names.length - 3} more` : listed;
}
