/** What can be taken along. */
import { Download } from 'lucide-react';
import { useState } from 'react';
import button from '../Button/Button.module.css';
import { part } from '../LazyPart/lazy-part.ts';
import { PopupButton } from '../Popup/PopupButton.tsx';

export const saveMenu = part(async () => (await import('./SaveMenu.tsx')).SaveMenu);

export function SaveButton() {
  const [open, setOpen] = useState(false);
  return (
    <PopupButton
      popup={saveMenu}
      kind="menu"
      open={open}
      onOpenChange={setOpen}
      place="tools"
      tip="The figure and the panels as images, and all numbers: to save, or to copy."
      className={button.button}
    >
      <Download aria-hidden className={button.symbol} />
      <span>Save</span>
    </PopupButton>
  );
}
