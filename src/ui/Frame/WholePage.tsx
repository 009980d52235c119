/** In another page's frame: whose this is, and the way to the whole of it. */
import { SquareArrowOutUpRight } from 'lucide-react';
import { wholePageAddress } from '../../store/link/address.ts';
import { isShown } from '../../store/state.ts';
import { useLens, useLensState, useWords } from '../lens-context.tsx';
import styles from './WholePage.module.css';

export function WholePage() {
  const lens = useLens();
  const { page } = useWords();
  const embed = useLensState((state) => state.frame.embed);
  const named = useLensState((state) => isShown(state, 'header'));
  if (!embed) return named ? null : <h1 className="visually-hidden">{page.name}</h1>;
  return (
    <p className={styles.whole}>
      {!named && <strong>{page.name}</strong>}{' '}
      <a
        href={wholePageAddress(lens.store.getState(), window.location.href)}
        target="_blank"
        rel="noreferrer"
        // Where it leads changes with every setting.
        onPointerDown={(event) => {
          event.currentTarget.href = wholePageAddress(lens.store.getState(), window.location.href);
        }}
        onFocus={(event) => {
          event.currentTarget.href = wholePageAddress(lens.store.getState(), window.location.href);
        }}
      >
        {page.openWhole} <SquareArrowOutUpRight aria-hidden size={13} />
      </a>
    </p>
  );
}
