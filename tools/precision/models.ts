/** What a model is called on the command line. */
export type NamedModel =
  | { readonly kind: 'bundled'; readonly title: string }
  | { readonly kind: 'hub'; readonly title: string }
  /** `named`: its title is that of the same model on the hub. */
  | { readonly kind: 'disk'; readonly title: string; readonly path: string; readonly named: boolean };

/**
 * `demo`, `facebook/vit-mae-base`, `some/folder`, `facebook/vit-mae-base=some/folder`, separated by commas.
 * @throws Error with the part that names nothing
 */
export function parseModels(text: string, exists: (path: string) => boolean): readonly NamedModel[] {
  return text.split(',').map((part) => {
    if (part === 'demo') return { kind: 'bundled', title: part };
    const [name, place] = part.split('=', 2);
    if (name !== undefined && name !== '' && place !== undefined) {
      if (!exists(place)) throw new Error(`There is no ${place}.`);
      return { kind: 'disk', title: name, path: place, named: true };
    }
    if (part !== '' && exists(part)) return { kind: 'disk', title: part, path: part, named: false };
    // Whether the hub has it, the hub will say; a path says itself that it is none of its names.
    if (/^[\w.-]+\/[\w.-]+(@[\w./-]+)?$/.test(part) && !part.startsWith('.'))
      return { kind: 'hub', title: part };
    throw new Error(`“${part}” is no model: neither demo, nor a folder or file here, nor a name on the hub.`);
  });
}
