import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { Rich } from './Rich.tsx';

test.each([
  ['Plain words.', 'Plain words.'],
  ['', ''],
  ['Use <strong>this</strong> one', 'Use <strong>this</strong> one'],
  ['<em>a</em> and <em>b</em>', '<em>a</em> and <em>b</em>'],
  ['<unseen>Delete</unseen>', '<span class="visually-hidden">Delete</span>'],
  ['<call>rand(1)</call>, drawn', '<code>rand(1)</code>, drawn'],
  ['1 < 2 > 0', '1 &lt; 2 &gt; 0'],
])('“%s”', (text, html) => {
  expect(renderToStaticMarkup(<Rich text={text} tags={{ call: (words) => <code>{words}</code> }} />)).toBe(
    html,
  );
});

test('what nobody knows as a tag is text', () => {
  expect(renderToStaticMarkup(<Rich text="a<script>b</script>c" />)).toBe('a&lt;script&gt;b&lt;/script&gt;c');
  expect(renderToStaticMarkup(<Rich text="<toString>b</toString>" />)).toBe(
    '&lt;toString&gt;b&lt;/toString&gt;',
  );
});
