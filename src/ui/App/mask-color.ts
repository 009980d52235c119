/** The colour of masked patches in the style sheets: theme.css has one for a page without a model, here is the model's. */
import { useEffect } from 'react';
import { displayNormalization, maskedColor } from '../../mae/panels.ts';
import type { Lens } from '../../store/lens.ts';

export function useMaskColor({ store }: Lens): void {
  useEffect(() => {
    const { style } = document.documentElement;
    const apply = (): void => {
      const { info } = store.getState().model;
      if (info === null) style.removeProperty('--mask');
      else
        style.setProperty('--mask', `rgb(${maskedColor(displayNormalization(info.preprocessor)).join(' ')})`);
    };
    apply();
    return store.subscribe(({ model }, { model: before }) => {
      if (model.info !== before.info) apply();
    });
  }, [store]);
}
