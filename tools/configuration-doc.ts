import { CONFIG_FILE, OPTION_KEYS, optionNames, OPTIONS, type Option, type OptionKey } from '../src/server/options.ts'

/** The text of `docs/configuration.md`, made from the table of options. */
export function configurationDoc(): string {
  return `# Configuration

<!-- Generated from src/server/options.ts by \`npm run generate\`. Change the table, not this page. -->

Every setting is a flag of \`radiograph serve\`, an environment variable, and a key of one JSON file. A flag wins over a
variable, a variable over the file, the file over the default. A name that is not in this table is an error, and so is a
value that cannot be read. An empty variable counts as not set. Relative directories start at the working directory.

The file is named by \`${CONFIG_FILE.flag} ${CONFIG_FILE.takes}\` or \`${CONFIG_FILE.variable}\`, and holds one object:

\`\`\`json
{ "port": 2100, "data": "/srv/traces", "spoolLimit": "8GiB" }
\`\`\`

| flag | variable | key | default | what it does |
|---|---|---|---|---|
${OPTION_KEYS.map(row).join('\n')}

\`data\` and \`ephemeral\` exclude each other. When different sources say them (a variable and a flag, say), the one that
wins is the one whose source wins.
`
}

function row(key: OptionKey): string {
  const option: Option<unknown> = OPTIONS[key]
  const { flag, variable } = optionNames(key)
  const usage = option.takes === undefined ? flag : `${flag} ${option.takes}`
  return `| \`${usage}\` | \`${variable}\` | \`${key}\` | ${option.fallback} | ${option.doc} |`
}
