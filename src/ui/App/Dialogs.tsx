/** What lies over the page, each loaded when the page is idle or when it is opened. */
import type { ComponentType } from 'react';
import { type Part, part } from '../LazyPart/lazy-part.ts';
import { usePart } from '../LazyPart/use-lazy-part.ts';
import { useLens, useLensState } from '../lens-context.tsx';

export const help = part(async () => (await import('../Help/Help.tsx')).Help);
export const pythonDialog = part(async () => (await import('../Python/PythonDialog.tsx')).PythonDialog);
export const compareDialog = part(async () => (await import('../Compare/CompareDialog.tsx')).CompareDialog);

export function Dialogs() {
  const lens = useLens();
  const helping = useLensState((state) => state.view.help);
  const dialog = useLensState((state) => state.view.dialog);
  const close = (): void => lens.setDialog(null);
  return (
    <>
      <Later part={help} wanted={helping} giveUp={() => lens.setHelp(false)} />
      <Later part={pythonDialog} wanted={dialog === 'python'} giveUp={close} />
      <Later part={compareDialog} wanted={dialog === 'compare'} giveUp={close} />
    </>
  );
}

function Later(props: {
  readonly part: Part<object>;
  readonly wanted: boolean;
  readonly giveUp: () => void;
}) {
  const { part: wantedPart, wanted, giveUp } = props;
  const Dialog: ComponentType<object> | null = usePart(wantedPart, wanted, { place: 'stage', giveUp });
  return Dialog === null ? null : <Dialog />;
}
