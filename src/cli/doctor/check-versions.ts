import { readFileSync } from 'node:fs';
import { type Finding, failure, ok } from './finding.js';

/** Facet's version, and Node's against the least that the package asks for. */
export function checkVersions(node = process.versions.node): Finding[] {
  const { version, engines } = JSON.parse(
    readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8'),
  );
  const least = engines.node.replace(/^>=/, '');
  const [has, needs] = [node, least].map((text) => text.split('.').map(Number));
  const enough = has[0] > needs[0] || (has[0] === needs[0] && has[1] >= needs[1]);
  const text = `Facet ${version} on Node ${node}`;
  return [enough ? ok('versions', text) : failure('versions', text, `install Node ${least} or newer`)];
}
