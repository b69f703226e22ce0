import { describedSettings } from './described-settings.js';

const HEAD = `# Settings

Made from \`src/config/settings.ts\` by \`npm run settings\`; the check fails where it is not fresh.

Every setting is an environment variable; an empty one counts as unset. They are checked together at start, which ends
with the whole list of what is wrong, names that are not settings (\`FACET_…\`) among it. \`npx facet doctor\` checks them
without starting anything, and the store, the keys and the certificates with them.

| setting | default | |
|---|---|---|
`;

/** docs/settings.md, made from the code. */
export function settingsPage(): string {
  const rows = describedSettings().map(
    ({ name, description, fallback }) =>
      `| \`${name}\` | ${fallback === undefined ? '–' : `\`${fallback}\``} | ${description.replaceAll('|', '\\|')} |`,
  );
  return `${HEAD}${rows.join('\n')}\n`;
}
