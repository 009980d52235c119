import { expect, test } from 'vitest';
import { firstView } from './first-view.tsx';
import { shellOf, unstyledClasses } from './shell.ts';

test('the first view is rendered without a browser, and starts nothing', () => {
  const view = firstView();
  for (const place of ['original', 'masked', 'reconstruction', 'combined'])
    expect(view).toContain(`data-place="${place}"`);
  expect(view).toContain('75 %');
});

test('the shell is hidden before anything of it is read, and has what is seen of the view alone', () => {
  const seen = '<button class="a" aria-pressed="true"><span>Help</span></button>';
  const view = `<link rel="preload" as="image" href="a.webp"/>${seen.replace(' aria', ' aria-label="x" aria-description="y &lt; z" aria')}`;
  expect(shellOf(view)).toMatch(/<div id="shell" inert><script>[^<]*location\.hash[^<]*<\/script><button/);
  expect(shellOf(view)).toContain(`</script>${seen}</div>`);
  expect(shellOf(view)).not.toContain('preload');
});

test('classes that no rule names are found, but for the icons’ own', () => {
  const css = '._a_1{color:red}._b_2:hover,.c [aria-pressed]{width:.5rem}';
  expect(unstyledClasses('<p class="_a_1 _b_2"><i class="c">', css)).toEqual([]);
  expect(unstyledClasses('<p class="_a_1 undefined"><svg class="lucide lucide-x _d_4">', css)).toEqual([
    'undefined',
    '_d_4',
  ]);
});
