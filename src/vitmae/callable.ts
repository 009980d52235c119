/** Makes the instances of a class callable, as models and processors are in transformers.js. */
export abstract class Callable {
  constructor() {
    const closure = (...args: readonly unknown[]): unknown =>
      (closure as unknown as { _call(...args: readonly unknown[]): unknown })._call(...args);
    Object.setPrototypeOf(closure, new.target.prototype);
    // biome-ignore lint/correctness/noConstructorReturn: the instance is the function
    return closure as unknown as Callable;
  }
}
