/** What a person can do with what the stage shows: the fifth panel, and the zoom. */
import { Maximize, Spline, ZoomIn, ZoomOut } from 'lucide-react';
import { FIT, MAX_ZOOM, zoomStep } from '../store/image/viewport.ts';
import type { Action } from './action.ts';

export const showInterpolation: Action = {
  id: 'interpolation',
  label: 'Interpolation',
  explanation:
    'Shows beside it what can be painted without having learned anything: the smoothest surface through the visible patches (harmonic inpainting).',
  icon: Spline,
  keys: ['b'],
  perform: ({ lens }) => lens.toggleInterpolation(),
};

export const zoomIn: Action = {
  id: 'zoom-in',
  label: 'Zoom in',
  explanation:
    'Enlarges all panels together. Also: Ctrl or ⌘ with the wheel, two fingers, or a double click on any panel but the masked one. Drag to move; on the masked panel with the middle button or two fingers.',
  icon: ZoomIn,
  keys: ['+', '='],
  enabled: ({ viewport }) => viewport.zoom < MAX_ZOOM,
  perform: ({ lens }) => lens.setViewport(zoomStep(lens.store.getState().viewport, 'in')),
};

export const zoomOut: Action = {
  id: 'zoom-out',
  label: 'Zoom out',
  explanation: 'Makes all panels show more of the image.',
  icon: ZoomOut,
  keys: ['-'],
  enabled: ({ viewport }) => viewport.zoom > 1,
  perform: ({ lens }) => lens.setViewport(zoomStep(lens.store.getState().viewport, 'out')),
};

export const zoomFit: Action = {
  id: 'zoom-fit',
  label: 'Whole image',
  explanation: 'Makes all panels show the whole image again.',
  icon: Maximize,
  keys: ['0'],
  enabled: ({ viewport }) => viewport.zoom > 1,
  perform: ({ lens }) => lens.setViewport(FIT),
};

export const viewActions: readonly Action[] = [showInterpolation, zoomIn, zoomOut, zoomFit];
