/** What lies over the page, each loaded when the page is idle or when it is opened. */
import type { ComponentType } from 'react';
import { type LazyPart, lazyPart } from '../LazyPart/lazy-part.ts';
import { useLazyPart } from '../LazyPart/use-lazy-part.ts';
import { useLens, useLensState } from '../lens-context.tsx';

export const help = lazyPart(async () => (await import('../Help/Help.tsx')).Help);
export const pythonDialog = lazyPart(async () => (await import('../Python/PythonDialog.tsx')).PythonDialog);
export const compareDialog = lazyPart(
  async () => (await import('../Compare/CompareDialog.tsx')).CompareDialog,
);

export function Dialogs() {
  const lens = useLens();
  const helping = useLensState((state) => state.view.help);
  const dialog = useLensState((state) => state.view.dialog);
  const close = (): void => lens.setDialog(null);
  return (
    <>
      <LazyDialog dialog={help} wanted={helping} giveUp={() => lens.setHelp(false)} />
      <LazyDialog dialog={pythonDialog} wanted={dialog === 'python'} giveUp={close} />
      <LazyDialog dialog={compareDialog} wanted={dialog === 'compare'} giveUp={close} />
    </>
  );
}

function LazyDialog(props: {
  readonly dialog: LazyPart<object>;
  readonly wanted: boolean;
  readonly giveUp: () => void;
}) {
  const { dialog, wanted, giveUp } = props;
  const Dialog: ComponentType<object> | null = useLazyPart(dialog, wanted, { place: 'stage', giveUp });
  return Dialog === null ? null : <Dialog />;
}
