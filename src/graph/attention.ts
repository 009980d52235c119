import { type Graph, GraphBuilder } from './builder.ts';
import type { AttentionKind } from './form.ts';
import { composedAttention, fusedAttention } from './transformer.ts';

/**
 * Attention alone, to try on a device before trusting it: `query`, `key` and `value`
 * [tokens, width]; gives `context` [1, tokens, width].
 */
export function buildAttention(kind: AttentionKind, tokens: number, heads: number, headSize: number): Graph {
  const g = new GraphBuilder(`${kind} attention`);
  const width = heads * headSize;
  const [query, key, value] = (['query', 'key', 'value'] as const).map((name) =>
    g.input(name, 'float32', [tokens, width]),
  ) as [string, string, string];
  const shape = { width, heads };
  const context =
    kind === 'fused'
      ? fusedAttention(g, shape, g.ints([-1, tokens, width]), query, key, value)
      : composedAttention(g, shape, { tokenShape: g.ints([-1, tokens, heads, headSize]) }, query, key, value)
          .context;
  g.output(g.node('Reshape', [context, g.ints([1, tokens, width])]), 'context', [1, tokens, width]);
  return g.finish();
}
