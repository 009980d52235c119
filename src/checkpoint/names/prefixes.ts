/**
 * What programs put before a model's own names: the attribute that a training program keeps the model in (`net.`,
 * `model.`, `mae.`), wrappers (`module.`, `_orig_mod.`), the groups of an HDF5 file. Nobody lists them: of every name
 * the longest end that a scheme knows counts, and the parameters of one half of the model all begin alike.
 */
import type { StoredTensor } from '../tensors/tensors.ts';
import { isParameter, stackOf } from './parameters.ts';
import type { NamingScheme, Parameter } from './scheme.ts';

/** A tensor that a scheme knows, and what it holds. */
export interface Known {
  readonly tensor: StoredTensor;
  readonly parameters: readonly Parameter[];
}

/** What wrappers put into names, at any place: data parallelism, compilation, sharding, recomputed activations. */
const WRAPPERS = /(^|[./])(?:(?:module|_orig_mod|_fsdp_wrapped_module|_checkpoint_wrapped_module)[./])+/g;
/** Parts of a name that may stand before the model's own. */
const MOST_PARTS = 6;
/** Where two copies of a model lie in one file, the one that was trained is meant, and not its moving average. */
const COPY = /(?:^|[._/])(?:\w*ema|averaged?|teacher|target|momentum)(?=[._/])/i;

/** What a scheme makes of a file's tensors. */
export interface Reading {
  readonly known: readonly Known[];
  /** Tensors of two models, where it is not clear which one is meant. */
  readonly unclear: readonly (readonly [StoredTensor, StoredTensor])[];
}

/**
 * The tensors of a file that are a model's parameters by this scheme: in each half those under the prefix that has
 * most of them.
 */
export function readNames(scheme: NamingScheme, tensors: readonly StoredTensor[]): Reading {
  const models = { encoder: new Map<string, Known[]>(), decoder: new Map<string, Known[]>() };
  for (const tensor of tensors) {
    const read = readName(scheme, tensor);
    if (read === undefined) continue;
    const of = models[read.stack];
    const known = { tensor, parameters: read.parameters };
    const group = of.get(read.prefix);
    if (group === undefined) of.set(read.prefix, [known]);
    else group.push(known);
  }
  const chosen = [chooseModel(models.encoder), chooseModel(models.decoder)];
  return {
    known: chosen.flatMap(({ known }) => known),
    unclear: chosen.flatMap(({ unclear }) => unclear),
  };
}

function readName(
  scheme: NamingScheme,
  tensor: StoredTensor,
):
  | {
      readonly prefix: string;
      readonly stack: 'encoder' | 'decoder';
      readonly parameters: readonly Parameter[];
    }
  | undefined {
  const name = tensor.name.replace(WRAPPERS, '$1');
  for (let at = 0, part = 0; part <= MOST_PARTS; part++) {
    const parameters = scheme.parameters(name.slice(at), tensor);
    const [first] = parameters;
    if (first !== undefined && parameters.every((parameter) => isParameter(parameter.name))) {
      return { prefix: name.slice(0, at), stack: stackOf(first.name), parameters };
    }
    const next = name.slice(at).search(/[./]/);
    if (next < 0) return undefined;
    at += next + 1;
  }
  return undefined;
}

function chooseModel(models: ReadonlyMap<string, readonly Known[]>): Reading {
  const most = Math.max(0, ...[...models.values()].map(({ length }) => length));
  const whole = [...models].filter(([, known]) => known.length === most);
  const trained = whole.filter(([prefix]) => !COPY.test(prefix));
  const [chosen, another] = trained.length === 0 ? whole : trained;
  const [one, other] = [chosen?.[1][0], another?.[1][0]];
  return {
    known: chosen?.[1] ?? [],
    unclear: one === undefined || other === undefined ? [] : [[one.tensor, other.tensor]],
  };
}
