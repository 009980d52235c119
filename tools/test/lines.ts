/**
 * Says only what is worth reading: whole lines, without those that match. The rest of a line that has not ended is
 * kept until it does.
 *
 * @param boring Lines to leave out.
 * @param say Gets the others, each with its line break.
 */
export function withoutLines(boring: RegExp, say: (text: string) => void): (text: string) => void {
  let rest = '';
  return (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (!boring.test(line)) say(`${line}\n`);
  };
}
