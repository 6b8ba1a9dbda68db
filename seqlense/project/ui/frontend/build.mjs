// Builds the front end into ../static/built: two style sheets, scripts, the fonts and the icons.
// Everything is served by the product itself; the page asks no other host for anything.
import { execFile } from "node:child_process";
import { cp, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import esbuild from "esbuild";
import subsetFont from "subset-font";

const run = promisify(execFile);
const here = import.meta.dirname;
const built = path.join(here, "..", "static", "built");
const modules = path.join(here, "node_modules");
const watch = process.argv.includes("--watch");

const FONTS = {
  "sans-latin.woff2": "@fontsource-variable/source-sans-3/files/source-sans-3-latin-wght-normal.woff2",
  "sans-latin-ext.woff2": "@fontsource-variable/source-sans-3/files/source-sans-3-latin-ext-wght-normal.woff2",
};
// Cut to the letters that src/theme.css gives them and to the weights in use.
const CUT_FONTS = {
  "sans.woff2": ["@fontsource-variable/source-sans-3/files/source-sans-3-latin-wght-normal.woff2", { min: 400, max: 650 }],
  "mono.woff2": ["@fontsource-variable/source-code-pro/files/source-code-pro-latin-wght-normal.woff2", 400],
};
const LICENCES = {
  "Source Sans 3": "@fontsource-variable/source-sans-3/LICENSE",
  "Source Code Pro": "@fontsource-variable/source-code-pro/LICENSE",
  "Lucide icons": "lucide-static/LICENSE",
  "tarteaucitron.js": "tarteaucitronjs/LICENSE",
  uPlot: "uplot/LICENSE",
};

async function fonts() {
  await mkdir(path.join(built, "fonts"), { recursive: true });
  for (const [name, source] of Object.entries(FONTS)) {
    await cp(path.join(modules, source), path.join(built, "fonts", name));
  }
  const theme = await readFile(path.join(here, "src", "theme.css"), "utf8");
  for (const [name, [source, wght]] of Object.entries(CUT_FONTS)) {
    const whole = await readFile(path.join(modules, source));
    const cut = await subsetFont(whole, letters(theme, name), { targetFormat: "woff2", variationAxes: { wght } });
    await writeFile(path.join(built, "fonts", name), cut);
  }
}

function letters(theme, name) {
  const [, ranges] = theme.match(new RegExp(`fonts/${name}[^}]*unicode-range: ([^;]*);`));
  return [...ranges.matchAll(/U\+([0-9A-F]+)(?:-([0-9A-F]+))?/g)]
    .flatMap(([, from, to = from]) => {
      const first = Number.parseInt(from, 16);
      return Array.from({ length: Number.parseInt(to, 16) - first + 1 }, (_, index) => String.fromCodePoint(first + index));
    })
    .join("");
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
  const sheet = (name) => run(process.execPath, [cli, "-i", `src/${name}`, "-o", path.join(built, name), "--minify"], { cwd: here });
  await Promise.all(["app.css", "work.css"].map(sheet));
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

// The panel of choices: tarteaucitron's main file and nothing else of it. What its settings switch off is left out, so
// that it can't be switched on; so is the evaluation of text as code, which the content security policy refuses anyway.
const SETTLED = {
  adblocker: false, bingConsentMode: false, closePopup: false, cookieslist: false, cookieslistEmbed: false, dataLayer: false,
  googleConsentMode: false, groupServices: false, partnersList: false, pianoConsentMode: false, removeCredit: true,
  serverSide: false, showAlertSmall: false, showIcon: false, moreInfoLink: false, showTitleBanner: false, useExternalCss: true, useExternalJs: true,
};
const CUT = [
  [/eval\(scripts\[i\]\.innerHTML\);/, ";"],
  [/(tarteaucitron\.events\.load\(\);\s*\}\s*\}, )500\)/, "$10)"], // half a second in which no button answers
  [/\}, 100\);\s*(tarteaucitron\.userInterface\.color\("", true\);)/, "}, 0);$1"],
  [/if \(typeof XMLHttpRequest !== 'undefined'\)/, "if (false)"],
  [/"makeAsync": \{[\s\S]*?\n    \},\n    "fallback"/, '"fallback"'],
  [/"proPing": function \(\) \{[\s\S]*?\n    \},\n    "AddOrUpdate"/, '"AddOrUpdate"'],
];

async function panel() {
  let library = await readFile(path.join(modules, "tarteaucitronjs", "tarteaucitron.js"), "utf8");
  for (const [found, instead] of CUT) {
    if (!found.test(library)) throw new Error(`tarteaucitron has changed: nothing matches ${found}`);
    library = library.replace(found, instead);
  }
  for (const [name, value] of Object.entries(SETTLED)) {
    library = library.replaceAll(new RegExp(`tarteaucitron\\.parameters\\.${name}\\b`, "g"), String(value));
  }
  const own = await readFile(path.join(here, "src", "panel", "panel.js"), "utf8");
  const made = await esbuild.transform(`${library}\n${own}`, {
    minify: true,
    format: "iife",
    target: "es2022",
    legalComments: "none",
    define: { "document.attachEvent": "undefined" },
  });
  await writeFile(path.join(built, "panel.js"), made.code);
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
  await Promise.all([fonts(), icons(), licences(), styles(), scripts(), panel(), apart()]);
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
