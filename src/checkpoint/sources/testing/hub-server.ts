/** For tests: a small server with the hub's addresses and headers, whose second half (the CDN) fails on request. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What goes wrong with one answer that carries a file's bytes. */
export interface Fault {
  /** The connection ends after so many bytes. */
  readonly cutAfter?: number;
  /** Nothing more is sent after so many bytes, and the connection stays. */
  readonly pauseAfter?: number;
  /** Another status instead of the file. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Answers 200 with everything, whatever was asked for. */
  readonly ignoreRange?: boolean;
  /** These bytes instead of the file's, with a Content-Length that fits them. */
  readonly bytes?: Uint8Array;
  /** Answers, and then sends nothing. */
  readonly silent?: boolean;
  /** Milliseconds between pieces of `pieceBytes`. */
  readonly slowMs?: number;
  readonly pieceBytes?: number;
  /** Headers that CORS would hide are left out. */
  readonly hidden?: readonly string[];
}

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly range: string | null;
  readonly ifRange: string | null;
}

/** Which headers the real ones show to scripts of other sites, as of 2026. */
const HUB_SHOWS =
  'X-Repo-Commit,X-Request-Id,X-Error-Code,X-Error-Message,X-Total-Count,ETag,Link,Accept-Ranges,Content-Range,' +
  'X-Linked-Size,X-Linked-ETag,X-Xet-Hash';
const CDN_SHOWS = 'Accept-Ranges,Content-Range,Content-Type,Content-Disposition,ETag,X-Cache';

type Files = Map<string, Uint8Array>;

export class HubServer {
  /** Repository → revision → path → content. */
  readonly repositories = new Map<string, Map<string, Files>>();
  readonly asked: Asked[] = [];
  /** For the next answers with the bytes of a file of this name, in order. */
  readonly faults = new Map<string, Fault[]>();
  /** Added to every entity tag, as when a file is stored anew. */
  etagSuffix = '';
  /** ETag and Last-Modified are left out. */
  withoutValidators = false;
  /** Files served from any other path, as on a plain web server. */
  readonly plain: Files = new Map();
  gated = false;
  /** Status of the listing instead of an answer; 0 for a connection that breaks. */
  listing: number | null = null;
  #hub: Server | undefined;
  #cdn: Server | undefined;
  #hubUrl = '';
  #cdnUrl = '';

  get endpoint(): string {
    return this.#hubUrl;
  }

  static async start(): Promise<HubServer> {
    const server = new HubServer();
    server.#hub = createServer((request, response) => {
      allowOtherSites(response, HUB_SHOWS);
      server.#answerHub(request, response);
    });
    server.#cdn = createServer((request, response) => {
      allowOtherSites(response, CDN_SHOWS);
      server.#answerCdn(request, response);
    });
    server.#hubUrl = await listen(server.#hub);
    server.#cdnUrl = await listen(server.#cdn);
    return server;
  }

  async stop(): Promise<void> {
    for (const server of [this.#hub, this.#cdn]) {
      server?.closeAllConnections();
      await new Promise((resolve) => (server === undefined ? resolve(null) : server.close(resolve)));
    }
  }

  publish(repository: string, files: Readonly<Record<string, Uint8Array>>, revision = 'main'): void {
    const revisions = this.repositories.get(repository) ?? new Map<string, Files>();
    revisions.set(revision, new Map(Object.entries(files)));
    this.repositories.set(repository, revisions);
  }

  fail(file: string, ...faults: readonly Fault[]): void {
    this.faults.set(file, [...(this.faults.get(file) ?? []), ...faults]);
  }

  /** Requests for a file's bytes. */
  fetches(file: string): readonly Asked[] {
    return this.asked.filter(
      ({ method, path }) =>
        method === 'GET' &&
        path.endsWith(`/${file}`) &&
        (path.startsWith('/cdn/') || path.startsWith('/plain/')),
    );
  }

  #answerHub(request: IncomingMessage, response: ServerResponse): void {
    const url = this.#note(request);
    const info = /^\/api\/models\/([^/]+\/[^/]+)\/revision\/([^/]+)$/.exec(url.pathname);
    if (info !== null) {
      const [, repository = '', revision = ''] = info;
      this.#answerInfo(response, repository, decodeURIComponent(revision));
      return;
    }
    const resolve = /^\/([^/]+\/[^/]+)\/resolve\/([^/]+)\/(.+)$/.exec(url.pathname);
    if (resolve !== null) {
      const [, repository = '', revision = '', path = ''] = resolve;
      this.#answerResolve(response, repository, decodeURIComponent(revision), decodeURIComponent(path));
      return;
    }
    const plain = this.plain.get(url.pathname);
    if (plain !== undefined) {
      const fault =
        request.method === 'GET' ? this.faults.get(url.pathname.split('/').at(-1) ?? '')?.shift() : {};
      this.#send(request, response, plain, fault ?? {});
      return;
    }
    refuse(response, 404, 'EntryNotFound');
  }

  #answerInfo(response: ServerResponse, repository: string, revision: string): void {
    if (this.listing === 0) {
      response.destroy();
      return;
    }
    if (this.listing !== null) {
      refuse(response, this.listing);
      return;
    }
    const revisions = this.repositories.get(repository);
    if (revisions === undefined) {
      refuse(response, 401);
      return;
    }
    const files = this.#filesAt(repository, revision);
    if (files === undefined) {
      refuse(response, 404, 'RevisionNotFound');
      return;
    }
    const siblings = [...files].map(([rfilename, bytes]) => ({
      rfilename,
      blobId: createHash('sha1').update(bytes).digest('hex'),
      size: bytes.byteLength,
      ...(isLarge(rfilename)
        ? { lfs: { sha256: sha256(bytes), size: bytes.byteLength, pointerSize: 134 } }
        : {}),
    }));
    const body = JSON.stringify({
      id: repository,
      sha: commitOf(files),
      gated: this.gated ? 'manual' : false,
      siblings,
    });
    response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' });
    response.end(body);
  }

  #answerResolve(response: ServerResponse, repository: string, revision: string, path: string): void {
    if (!this.repositories.has(repository)) {
      refuse(response, 401);
      return;
    }
    if (this.gated) {
      refuse(response, 401, 'GatedRepo');
      return;
    }
    const files = this.#filesAt(repository, revision);
    if (files === undefined) {
      refuse(response, 404, 'RevisionNotFound');
      return;
    }
    const bytes = files.get(path);
    if (bytes === undefined) {
      refuse(response, 404, 'EntryNotFound');
      return;
    }
    const linked = isLarge(path) ? sha256(bytes) : createHash('sha1').update(bytes).digest('hex');
    response.writeHead(302, {
      location: `${this.#cdnUrl}/cdn/${repository}/${commitOf(files)}/${path}`,
      'x-repo-commit': commitOf(files),
      'x-linked-size': bytes.byteLength,
      'x-linked-etag': `"${linked}"`,
      'accept-ranges': 'bytes',
    });
    response.end('Found');
  }

  #answerCdn(request: IncomingMessage, response: ServerResponse): void {
    const { pathname } = this.#note(request);
    const [, , owner, name, commit = '', ...path] = pathname.split('/');
    const file = path.join('/');
    const bytes = this.#filesAt(`${owner}/${name}`, commit)?.get(file);
    if (bytes === undefined) {
      refuse(response, 403);
      return;
    }
    const fault = request.method === 'GET' ? this.faults.get(path.at(-1) ?? '')?.shift() : {};
    this.#send(request, response, bytes, fault ?? {});
  }

  #send(request: IncomingMessage, response: ServerResponse, content: Uint8Array, fault: Fault): void {
    if (fault.status !== undefined) {
      response.writeHead(fault.status, fault.headers ?? {});
      response.end();
      return;
    }
    const bytes = fault.bytes ?? content;
    const asked = /^bytes=(\d+)-$/.exec(request.headers.range ?? '');
    const start = asked === null || fault.ignoreRange === true ? 0 : Number(asked[1]);
    if (start > 0 && start >= bytes.byteLength) {
      response.writeHead(416, { 'content-range': `bytes */${bytes.byteLength}` });
      response.end();
      return;
    }
    const rest = bytes.subarray(start);
    const headers: Record<string, string> = {
      'content-type': 'application/octet-stream',
      'content-length': String(rest.byteLength),
      'accept-ranges': 'bytes',
      ...(this.withoutValidators ? {} : { etag: `"xet-${sha256(bytes).slice(0, 20)}${this.etagSuffix}"` }),
      ...(asked !== null && fault.ignoreRange !== true
        ? { 'content-range': `bytes ${start}-${bytes.byteLength - 1}/${bytes.byteLength}` }
        : {}),
    };
    for (const name of fault.hidden ?? []) delete headers[name];
    response.writeHead(asked !== null && fault.ignoreRange !== true ? 206 : 200, headers);
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    void this.#sendBody(response, rest, fault);
  }

  async #sendBody(response: ServerResponse, rest: Uint8Array, fault: Fault): Promise<void> {
    if (fault.silent === true) {
      response.flushHeaders();
      return;
    }
    const sent = rest.subarray(0, fault.cutAfter ?? fault.pauseAfter);
    const piece = fault.pieceBytes ?? sent.byteLength;
    for (let at = 0; at < sent.byteLength; at += piece) {
      response.write(sent.subarray(at, at + piece));
      if (fault.slowMs !== undefined) await new Promise((resolve) => setTimeout(resolve, fault.slowMs));
    }
    if (fault.pauseAfter !== undefined) return;
    // Ending the socket, not the answer, breaks it off without losing what was sent.
    if (sent.byteLength < rest.byteLength) {
      if (sent.byteLength === 0) response.flushHeaders();
      response.socket?.end();
    } else response.end();
  }

  #filesAt(repository: string, revision: string): Files | undefined {
    const revisions = this.repositories.get(repository);
    return (
      revisions?.get(revision) ??
      [...(revisions?.values() ?? [])].find((files) => commitOf(files) === revision)
    );
  }

  #note(request: IncomingMessage): URL {
    const url = new URL(request.url ?? '/', this.#hubUrl);
    this.asked.push({
      method: request.method ?? '',
      path: url.pathname + url.search,
      range: request.headers.range ?? null,
      ifRange: request.headers['if-range']?.toString() ?? null,
    });
    return url;
  }
}

/** A request that must ask for permission first (OPTIONS) gets none: the answer has no Access-Control-Allow-Headers. */
function allowOtherSites(response: ServerResponse, headers: string): void {
  response.setHeader('access-control-allow-origin', '*');
  response.setHeader('access-control-expose-headers', headers);
}

function isLarge(path: string): boolean {
  return /\.(?:safetensors|bin|pth)$/.test(path);
}

function commitOf(files: Files): string {
  const hash = createHash('sha1');
  for (const [path, bytes] of files) hash.update(path).update(bytes);
  return hash.digest('hex');
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function refuse(response: ServerResponse, status: number, code?: string): void {
  response.writeHead(status, code === undefined ? {} : { 'x-error-code': code });
  response.end(code ?? 'no');
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
