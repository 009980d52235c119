/** What can be taken along. */
import { Download } from 'lucide-react';
import { useState } from 'react';
import button from '../Button/Button.module.css';
import { lazyPart } from '../LazyPart/lazy-part.ts';
import { useWords } from '../lens-context.tsx';
import { PopupButton } from '../Popup/PopupButton.tsx';

export const saveMenu = lazyPart(async () => (await import('./SaveMenu.tsx')).SaveMenu);

export function SaveButton() {
  const { share } = useWords();
  const [open, setOpen] = useState(false);
  return (
    <PopupButton
      popup={saveMenu}
      kind="menu"
      open={open}
      onOpenChange={setOpen}
      place="tools"
      tip={share.tip}
      className={button.button}
    >
      <Download aria-hidden className={button.symbol} />
      <span>{share.button}</span>
    </PopupButton>
  );
}
