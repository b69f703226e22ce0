import { createHash } from 'node:crypto';
import type { RequestHandler } from 'express';
import { openapiDocument } from '../gateway/openapi/document.js';
import { readContractSettings, readImageFile, readVersion } from './image.js';

/** The names of the contracts that have a document. */
export function documentedContracts(): string[] {
  return Object.keys(readContractSettings().contracts);
}

/** The OpenAPI document of a contract as JSON text, the same that is committed as openapi/<contract>.json. */
export function contractDocument(contract: string): string {
  const document = openapiDocument({
    image: readImageFile(),
    settings: readContractSettings(),
    contract,
    info: { title: `Facet: ${contract}`, version: readVersion() },
  });
  return `${JSON.stringify(document, null, 2)}\n`;
}

/**
 * Serves the documents at a path whose parameter `file` is `<contract>.json`; any other is left to others. Each is
 * made when first asked for, from what the gateway itself serves by, and so can neither be missing nor be stale.
 */
export function openapiPages(): RequestHandler<{ file: string }> {
  const contracts = new Set(documentedContracts().map((name) => `${name}.json`));
  const pages = new Map<string, { text: string; etag: string }>();
  return (request, response, next) => {
    const { file } = request.params;
    if (!contracts.has(file)) {
      next();
      return;
    }
    let page = pages.get(file);
    if (page === undefined) {
      const text = contractDocument(file.replace(/\.json$/, ''));
      page = { text, etag: `"${createHash('sha256').update(text).digest('base64url')}"` };
      pages.set(file, page);
    }
    // Express answers 304 where the caller has this one already.
    response
      .set({ etag: page.etag, 'cache-control': 'no-cache', 'content-type': 'application/json' })
      .send(page.text);
  };
}
