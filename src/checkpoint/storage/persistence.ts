/**
 * Asks the browser not to clear this site's files when the disk runs full. Only a page can ask, not a worker; some
 * browsers ask the visitor, so call it after something that the visitor did, such as choosing to download a model.
 * @returns whether the files are now safe; false where the browser declines or knows no such thing
 */
export async function keepFiles(): Promise<boolean> {
  const storage: Partial<StorageManager> | undefined = globalThis.navigator?.storage;
  try {
    return (await storage?.persisted?.()) === true || (await storage?.persist?.()) === true;
  } catch {
    return false;
  }
}
