/** What a pickle builds beside numbers, texts, lists (arrays), dicts (Maps) and sets. */

/** A tuple; a list is an array, a dict a Map. */
export class Tuple {
  readonly items: readonly unknown[];

  constructor(items: readonly unknown[]) {
    this.items = items;
  }
}

/** A class or function that the vocabulary knows. */
export class Callable {
  /** With its module: "collections.OrderedDict". */
  readonly name: string;
  /** What stands for a call; must not take longer for larger arguments, which cost the file nothing to repeat. */
  readonly call: (args: readonly unknown[]) => unknown;

  constructor(name: string, call: (args: readonly unknown[]) => unknown) {
    this.name = name;
    this.call = call;
  }
}

/** An object that is data and nothing else, such as the Namespace of a program's arguments. */
export class Instance {
  readonly type: string;
  readonly args: readonly unknown[];
  /** What Python would put into `__dict__`, usually a Map. */
  state: unknown = null;

  constructor(type: string, args: readonly unknown[]) {
    this.type = type;
    this.args = args;
  }
}

export interface Vocabulary {
  /** @param name with its module, as the file spells it. Throws for one that is not known. */
  find(name: string): Callable;
  /** What a persistent id stands for. */
  load(id: unknown): unknown;
}
