// Builds the front end into ../static/built: one style sheet, one script, the fonts and the icons.
// Everything is served by the product itself; the page asks no other host for anything.
import { execFile } from "node:child_process";
import { cp, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import esbuild from "esbuild";

const run = promisify(execFile);
const here = import.meta.dirname;
const built = path.join(here, "..", "static", "built");
const modules = path.join(here, "node_modules");
const watch = process.argv.includes("--watch");

const FONTS = {
  "sans-latin.woff2": "@fontsource-variable/source-sans-3/files/source-sans-3-latin-wght-normal.woff2",
  "sans-latin-ext.woff2": "@fontsource-variable/source-sans-3/files/source-sans-3-latin-ext-wght-normal.woff2",
  "mono-latin.woff2": "@fontsource-variable/source-code-pro/files/source-code-pro-latin-wght-normal.woff2",
};
const LICENCES = {
  "Source Sans 3": "@fontsource-variable/source-sans-3/LICENSE",
  "Source Code Pro": "@fontsource-variable/source-code-pro/LICENSE",
  "Lucide icons": "lucide-static/LICENSE",
  uPlot: "uplot/LICENSE",
};

async function fonts() {
  await mkdir(path.join(built, "fonts"), { recursive: true });
  for (const [name, source] of Object.entries(FONTS)) {
    await cp(path.join(modules, source), path.join(built, "fonts", name));
  }
}

// The template tag `icon` reads this file; only the drawing inside <svg> is kept.
async function icons() {
  const names = (await readFile(path.join(here, "icons.txt"), "utf8")).split("\n").filter(Boolean);
  const drawings = {};
  for (const name of names) {
    const svg = await readFile(path.join(modules, "lucide-static", "icons", `${name}.svg`), "utf8");
    drawings[name] = svg.match(/<svg[^>]*>([\s\S]*)<\/svg>/)[1].replace(/\s*\n\s*/g, "");
  }
  await writeFile(path.join(built, "icons.json"), JSON.stringify(drawings, null, 1));
}

async function licences() {
  const texts = [];
  for (const [name, source] of Object.entries(LICENCES)) {
    texts.push(`${name}\n${"=".repeat(name.length)}\n${await readFile(path.join(modules, source), "utf8")}`);
  }
  await writeFile(path.join(built, "LICENCES.txt"), texts.join("\n\n"));
}

async function styles() {
  const cli = path.join(modules, "@tailwindcss", "cli", "dist", "index.mjs");
  await run(process.execPath, [cli, "-i", "src/app.css", "-o", path.join(built, "app.css"), "--minify"], { cwd: here });
}

// Each module of src/behaviours is one behaviour: `export default function () {...}`. Adding one edits no list.
async function scripts() {
  const files = (await readdir(path.join(here, "src", "behaviours"))).filter((name) => name.endsWith(".js")).sort();
  const imports = files.map((name, index) => `import behaviour${index} from "./behaviours/${name}";`);
  const entry = [
    ...imports,
    ...files.map((_, index) => `behaviour${index}();`),
  ].join("\n");
  await esbuild.build({
    stdin: { contents: entry, resolveDir: path.join(here, "src"), sourcefile: "app.js" },
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2022",
    legalComments: "linked",
    outfile: path.join(built, "app.js"),
  });
}

// What only some pages need, each a file of its own: the word to the counter of visits, and charts.
async function apart() {
  await esbuild.build({
    entryPoints: { measure: "src/measure.js", charts: "src/charts/main.js" },
    absWorkingDir: here,
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2022",
    legalComments: "none",
    outdir: built,
  });
  await cp(path.join(modules, "uplot", "dist", "uPlot.min.css"), path.join(built, "charts.css"));
}

async function build() {
  const start = performance.now();
  await Promise.all([fonts(), icons(), licences(), styles(), scripts(), apart()]);
  console.log(`Front end built in ${((performance.now() - start) / 1000).toFixed(1)} s`);
}

await rm(built, { recursive: true, force: true });
await mkdir(built, { recursive: true });
await build();

if (watch) {
  const { watch: observe } = await import("node:fs");
  let waiting;
  const again = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => build().catch((error) => console.error(error.stderr ?? error.message)), 150);
  };
  observe(path.join(here, "src"), { recursive: true }, again);
  observe(path.join(here, "..", "templates"), { recursive: true }, again);
  console.log("Watching for changes; stop with Ctrl+C");
}
