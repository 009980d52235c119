/** The page with which a web server lists a folder's files, where it does. */
import { SNIFFED_BYTES } from '../bytes/sniff.ts';
import { isWebPage } from '../download/http.ts';

/** A folder of a model has a few dozen files; what is longer lists no model. */
const MAX_LISTING_BYTES = 2 ** 20;
/** Of one link. */
const LONGEST = 2048;

/** The names of the files that an answer from a folder's address links to; empty where it is no such page. */
export async function readListing(response: Response, baseUrl: string): Promise<readonly string[]> {
  if (!response.ok) return [];
  const text = await beginning(response);
  return isWebPage(response, text.slice(0, SNIFFED_BYTES)) ? linkedFiles(text, baseUrl) : [];
}

/** The files in the folder at `baseUrl` itself that a page links to, each once. */
function linkedFiles(page: string, baseUrl: string): readonly string[] {
  const names = new Set<string>();
  for (const [, double, single] of page.matchAll(/\bhref\s{0,8}=\s{0,8}(?:"([^"]*)"|'([^']*)')/gi)) {
    const link = (double ?? single ?? '').replaceAll('&amp;', '&');
    if (link.length > LONGEST || !URL.canParse(link, baseUrl)) continue;
    const { origin, pathname } = new URL(link, baseUrl);
    if (!`${origin}${pathname}`.startsWith(baseUrl)) continue;
    const name = decoded(`${origin}${pathname}`.slice(baseUrl.length));
    if (name !== undefined && name !== '' && !/[/\\]/.test(name)) names.add(name);
  }
  return [...names];
}

function decoded(name: string): string | undefined {
  try {
    return decodeURIComponent(name);
  } catch {
    return undefined;
  }
}

/** So much of the body as a listing can have, as text. */
async function beginning(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = '';
  while (text.length < MAX_LISTING_BYTES) {
    const chunk = (await reader?.read())?.value;
    if (chunk === undefined) return text + decoder.decode();
    text += decoder.decode(chunk, { stream: true });
  }
  await reader?.cancel();
  return text;
}
