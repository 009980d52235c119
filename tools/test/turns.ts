/**
 * Output of steps that overlap, told one after the other: the first unfinished step speaks as it goes, later ones
 * are kept back until it is done. Whoever watches sees that something happens, and each step's output stays whole.
 */
export class Turns {
  private readonly order: readonly string[];
  private readonly write: (text: string) => void;
  private readonly kept = new Map<string, string>();
  private readonly finished = new Set<string>();
  private turn = 0;

  /**
   * @param order The steps' names, in the order in which they are told.
   * @param write Where the text goes.
   */
  constructor(order: readonly string[], write: (text: string) => void) {
    this.order = order;
    this.write = write;
  }

  say(name: string, text: string): void {
    if (this.order[this.turn] === name) this.write(text);
    else this.kept.set(name, (this.kept.get(name) ?? '') + text);
  }

  /** A step has said everything; the next ones get their turn. */
  finish(name: string): void {
    this.finished.add(name);
    for (;;) {
      const current = this.order[this.turn];
      if (current === undefined || !this.finished.has(current)) return;
      this.turn += 1;
      const next = this.order[this.turn];
      if (next === undefined) return;
      this.write(this.kept.get(next) ?? '');
      this.kept.delete(next);
    }
  }
}
