// Says where a script is no PowerShell. It knows the grammar, not the commands.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Language, Parser } from "web-tree-sitter";

await Parser.init();
const parser = new Parser();
parser.setLanguage(await Language.load(createRequire(import.meta.url).resolve("tree-sitter-powershell/tree-sitter-powershell.wasm")));

function faults(node) {
    const below = node.children.flatMap(faults);
    return node.isError || node.isMissing ? [node, ...below] : below;
}

if (faults(parser.parse("if ($true) {").rootNode).length === 0) throw new Error("the parser takes anything");
const files = process.argv.slice(2);
for (const file of files) {
    for (const node of faults(parser.parse(readFileSync(file, "utf8")).rootNode)) {
        process.exitCode = 1;
        console.error(`${file}:${node.startPosition.row + 1}:${node.startPosition.column + 1}: ${node.isMissing ? `${node.type} is missing` : "this is no PowerShell"}`);
    }
}
console.log(`${files.length} scripts parsed`);
