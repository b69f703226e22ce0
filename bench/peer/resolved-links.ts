import type { Rule } from './rules.js';

const BASE = 'http://gateway';

/** `Location` and the targets of `Link`, as they are for whoever has asked for the path. */
export const resolveLinks: Rule = (answer, { path }) => {
  const { location, link, ...others } = answer.headers;
  if (location === undefined && link === undefined) return answer;
  // A slash at the end means nothing, so nothing is below it.
  const own = path.replace(/[?#].*$/s, '').replace(/\/$/, '');
  const resolve = (target: string) => {
    const { pathname, search } = new URL(target, BASE + own);
    return pathname + search;
  };
  const links = link?.replace(/<([^<>]*)>/g, (_, target: string) => `<${resolve(target)}>`);
  return {
    ...answer,
    headers: {
      ...others,
      ...(location !== undefined && { location: resolve(location) }),
      ...(links !== undefined && { link: links }),
    },
  };
};
