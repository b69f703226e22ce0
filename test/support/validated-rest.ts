import { readContractSettings } from '../../src/image.js';
import { documentedContracts } from '../../src/openapi.js';
import { type ContractDocument, contractDocumentOf } from './contract-document.js';
import type { Rest, RestAnswer } from './rest.js';

let documents: readonly ContractDocument[] | undefined;

const settings = readContractSettings() as unknown as { keyPattern: string; default: string };
const keyPattern = new RegExp(settings.keyPattern);

/** The same calls, whose every answer must be as documented: see `mustBeDocumented`. */
export function validated(rest: Rest, key: string | undefined): Rest {
  return async (method, path, body, headers) => {
    const answer = await rest(method, path, body, headers);
    mustBeDocumented(key, method, path, answer);
    return answer;
  };
}

/**
 * Throws where the status, the headers, the content type or the body of an answer to the key's holder is not what
 * the OpenAPI document of the contract that answered says. Of a stream, the body is one of its lines.
 */
export function mustBeDocumented(
  key: string | undefined,
  method: string,
  path: string,
  answer: RestAnswer,
): void {
  documents ??= documentedContracts().map(contractDocumentOf);
  const { document, within } = answering(documents, contractOf(key, documents), path.replace(/\?.*$/s, ''));
  const faults = document.faults(method, within, answer);
  if (faults.length === 0) return;
  throw new Error(
    `${method} ${path} is not answered as ${document.contract}'s document says:\n  ${faults.join('\n  ')}\n` +
      `${answer.status} ${JSON.stringify(answer.body)?.slice(0, 2000)}`,
  );
}

/** The contract that a key is made for, or else the default. */
function contractOf(key: string | undefined, all: readonly ContractDocument[]): string {
  const name = keyPattern.exec(key ?? '')?.[1];
  return all.find(({ contract }) => contract === name)?.contract ?? settings.default;
}

/** Which contract answers a path, by the rules of the gateway, and the path without that contract's prefix. */
function answering(all: readonly ContractDocument[], own: string, path: string) {
  const named = all.find(({ contract }) => path.startsWith(`/api/${contract}/`));
  if (named !== undefined) return { document: named, within: path.slice(`/api/${named.contract}`.length) };
  const first = all.find(({ contract }) => contract === own)!;
  const others = first.knows(path) ? [] : all.filter((each) => each.knows(path));
  return { document: others.length === 1 ? others[0]! : first, within: path };
}
