import type { StoreApi } from 'zustand/vanilla';
import { type PreferenceStorage, type Theme, writePreference } from '../preferences.ts';
import type { LensState } from '../state.ts';
import type { BrushTool, DialogName } from './view-state.ts';

export interface ViewActions {
  togglePatchGrid(): void;
  toggleOrder(): void;
  toggleErrors(): void;
  toggleInterpolation(): void;
  setTool(tool: BrushTool): void;
  setDialog(dialog: DialogName | null): void;
  setTheme(theme: Theme): void;
  setHelp(open: boolean): void;
  setShortcuts(on: boolean): void;
}

export function createViewSlice(
  { getState: get, setState: set }: StoreApi<LensState>,
  preferences: PreferenceStorage | null,
): ViewActions {
  function setView(change: Partial<LensState['view']>): void {
    set((state) => ({ view: { ...state.view, ...change } }));
  }

  return {
    togglePatchGrid() {
      setView({ patchGrid: !get().view.patchGrid });
    },
    toggleOrder() {
      setView({ order: !get().view.order });
    },
    toggleErrors() {
      setView({ errors: !get().view.errors });
    },
    toggleInterpolation() {
      set(({ view }) => ({
        view: { ...view, interpolation: !view.interpolation },
        interpolationFailure: null,
      }));
    },
    setTool(tool) {
      setView({ tool });
    },
    setDialog(dialog) {
      setView({ dialog });
    },
    setTheme(theme) {
      writePreference(preferences, 'theme', theme);
      setView({ theme });
    },
    setHelp(help) {
      setView({ help });
    },
    setShortcuts(shortcuts) {
      writePreference(preferences, 'shortcuts', shortcuts ? 'on' : 'off');
      setView({ shortcuts });
    },
  };
}
