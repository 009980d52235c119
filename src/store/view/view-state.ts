import { type Frame, WHOLE_PAGE } from '../link/link.ts';
import type { Preferences, Theme } from '../preferences.ts';

/** What a touch of the brush covers: single cells, a rectangle, or all cells that hang together. */
export type BrushTool = 'cells' | 'rectangle' | 'fill';

/** What lies over the page. */
export type DialogName = 'python' | 'compare';

export interface ViewState {
  /** What a link hides of the page. */
  readonly frame: Frame;
  readonly view: {
    readonly patchGrid: boolean;
    /** Whether the patches have their numbers in the shuffled order. */
    readonly order: boolean;
    /** Whether the last panel shows the error of each patch. */
    readonly errors: boolean;
    /** Whether a fifth panel shows what can be painted without a model. */
    readonly interpolation: boolean;
    readonly tool: BrushTool;
    readonly dialog: DialogName | null;
    readonly theme: Theme;
    readonly help: boolean;
    /** Single-key shortcuts can be turned off: they get in the way of speech input and shaky hands. */
    readonly shortcuts: boolean;
  };
}

export function startView({ theme, shortcuts }: Pick<Preferences, 'theme' | 'shortcuts'>): ViewState {
  return {
    frame: WHOLE_PAGE,
    view: {
      patchGrid: false,
      order: false,
      errors: false,
      interpolation: false,
      tool: 'cells',
      dialog: null,
      theme,
      help: false,
      shortcuts,
    },
  };
}
