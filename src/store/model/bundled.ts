/** The model that comes with the page, in public/models/demo; its model card is the README.md there. */
export const BUNDLED_MODEL_NAME = 'Demo model';
