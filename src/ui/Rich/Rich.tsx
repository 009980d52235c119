/** A sentence in which some words look different: they stand between tags, as in “Use <strong>this</strong>”. */
import { Fragment, type ReactNode } from 'react';

export type Tags = Readonly<Record<string, (words: string) => ReactNode>>;

const TAGS: Tags = {
  strong: (words) => <strong>{words}</strong>,
  em: (words) => <em>{words}</em>,
  /** For screen readers only. */
  unseen: (words) => <span className="visually-hidden">{words}</span>,
};

/** A plain text, a tag and what is in it, a plain text, and so on. Tags do not lie in each other. */
const TAGGED = /<(\w+)>(.*?)<\/\1>/s;

/** @param tags how words between other tags are drawn; a tag that nobody knows is plain text */
export function Rich({ text, tags = {} }: { readonly text: string; readonly tags?: Tags }) {
  const nodes: ReactNode[] = [];
  for (let rest = text; rest !== ''; ) {
    const found = TAGGED.exec(rest);
    const [whole = rest, tag = '', words = ''] = found ?? [];
    const draw = Object.hasOwn(tags, tag) ? tags[tag] : Object.hasOwn(TAGS, tag) ? TAGS[tag] : undefined;
    const before = found === null ? rest : rest.slice(0, found.index);
    nodes.push(before, draw === undefined ? (found === null ? null : whole) : draw(words));
    rest = rest.slice((found?.index ?? 0) + whole.length);
  }
  return nodes.map((node, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a sentence has no other order.
    <Fragment key={index}>{node}</Fragment>
  ));
}
