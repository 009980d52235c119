/** Where a tool's text goes: lines that stay, and one line that changes while something is under way. */
export interface Output {
  line(text: string): void;
  /** What is under way; null when it has ended. */
  status(text: string | null): void;
}

/** Without a terminal a line cannot be rewritten, and a log should not drown in them. */
const EVERY_MS = 5000;

/** On a terminal the status is one line that is rewritten; in a log it is a line every five seconds. */
export function consoleOutput(
  stream: Pick<NodeJS.WriteStream, 'write' | 'columns' | 'isTTY'> = process.stdout,
  now: () => number = () => performance.now(),
): Output {
  let shown = '';
  let last = Number.NEGATIVE_INFINITY;
  const clear = () => {
    if (shown !== '') stream.write(`\r${' '.repeat(shown.length)}\r`);
    shown = '';
  };
  return {
    line(text) {
      clear();
      stream.write(`${text}\n`);
    },
    status(text) {
      if (text === null) {
        clear();
        last = Number.NEGATIVE_INFINITY;
      } else if (stream.isTTY) {
        clear();
        // A line that wraps could not be taken back.
        shown = text.slice(0, Math.max(0, stream.columns - 1));
        stream.write(shown);
      } else if (now() - last >= EVERY_MS) {
        last = now();
        stream.write(`${text}\n`);
      }
    },
  };
}
