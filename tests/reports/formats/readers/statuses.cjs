// What MITRE's reader calls each control of the HDF document on standard input, as JSON.
const { readFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const load = createRequire(process.argv[2] + "/");
const { contextualizeEvaluation } = load("inspecjs/lib/context");
const { convertFile } = load("inspecjs");

const converted = convertFile(readFileSync(0, "utf-8"), true);
const document = converted["1_0_ExecJson"];
if (!document) throw new Error(JSON.stringify(converted.errors));
const controls = contextualizeEvaluation(document).contains.flatMap((p) => p.contains);
const told = controls.map((c) => [c.data.id, { status: c.hdf.status, waived: c.hdf.waived, severity: c.hdf.severity }]);
process.stdout.write(JSON.stringify(Object.fromEntries(told)));
