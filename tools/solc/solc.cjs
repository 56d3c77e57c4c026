"use strict";

/**
 * Speaks native solc's command line for the npm build of the compiler.
 *
 * Serves forge, ape, py-solc-x and Slither: `--version`, and `--standard-json` from standard input or a file
 * with `--base-path` and `--include-path` imports. Nothing but the answer goes to standard output.
 */

const fs = require("node:fs");
const path = require("node:path");

/** npm package that holds each version, and its commit, so that `--version` need not load the compiler. */
const COMPILERS = {
  "0.8.37": { package: "solc", commit: "f401782d" },
  "0.6.6": { package: "solc-0.6", commit: "6c089d02" },
};

/** Options of native solc that take a value. */
const VALUED = new Set(["--base-path", "--include-path", "--allow-paths", "--evm-version", "--optimize-runs"]);

/** Read everything from a descriptor, waiting out a non-blocking one. */
function readAll(descriptor) {
  const chunks = [];
  const chunk = Buffer.alloc(1 << 20);
  for (;;) {
    try {
      const count = fs.readSync(descriptor, chunk, 0, chunk.length, null);
      if (count === 0) return Buffer.concat(chunks).toString("utf8");
      chunks.push(Buffer.from(chunk.subarray(0, count)));
    } catch (error) {
      if (error.code === "EOF") return Buffer.concat(chunks).toString("utf8");
      if (error.code !== "EAGAIN") throw error;
      pause();
    }
  }
}

/** Write everything to a descriptor, waiting out a full pipe. */
function writeAll(descriptor, text) {
  const bytes = Buffer.from(text, "utf8");
  let offset = 0;
  while (offset < bytes.length) {
    try {
      offset += fs.writeSync(descriptor, bytes, offset);
    } catch (error) {
      if (error.code !== "EAGAIN") throw error;
      pause();
    }
  }
}

/** Sleep two milliseconds without an event loop. */
function pause() {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
}

/** Split the command line into flags, valued options and positional words. */
function parse(words) {
  const options = { flags: new Set(), basePath: "", includePaths: [], files: [] };
  for (let i = 0; i < words.length; i++) {
    const [word, inline] = words[i].startsWith("--") ? words[i].split(/=(.*)/s) : [words[i]];
    const value = VALUED.has(word) ? (inline ?? words[++i]) : inline;
    if (word === "--base-path") options.basePath = value;
    else if (word === "--include-path") options.includePaths.push(value);
    else if (word.startsWith("--")) options.flags.add(word);
    else if (word !== "-" && !word.includes("=")) options.files.push(word);
  }
  return options;
}

/** Return the compiler's import callback: base path first, then the include paths, as native solc looks. */
function importer(options) {
  const roots = [options.basePath || process.cwd(), ...options.includePaths];
  return (unit) => {
    const name = unit.replace(/^file:\/\//, "");
    const candidates = path.isAbsolute(name) ? [name] : roots.map((root) => path.resolve(root, name));
    for (const candidate of candidates) {
      try {
        return { contents: fs.readFileSync(candidate, "utf8") };
      } catch (error) {
        if (error.code !== "ENOENT" && error.code !== "ENOTDIR" && error.code !== "EISDIR") {
          return { error: String(error.message) };
        }
      }
    }
    return { error: `File not found. Searched the following locations: "${roots.join('", "')}".` };
  };
}

/** Load a compiler, keeping its handlers for uncaught errors from hiding ours. */
function load(name) {
  const compiler = require(name);
  process.removeAllListeners("uncaughtException");
  process.removeAllListeners("unhandledRejection");
  return compiler;
}

/** Return the version in native solc's form. */
function longVersion(version) {
  const { package: name, commit } = COMPILERS[version];
  const full = commit ? `${version}+commit.${commit}` : load(name).version().replace(/\.Emscripten.*$/, "");
  return `${full}.Linux.g++`;
}

/** Answer one command line. */
function main([version, ...words]) {
  if (!(version in COMPILERS)) throw new Error(`no compiler ${version} is installed`);
  const options = parse(words);

  if (options.flags.has("--version")) {
    writeAll(1, `solc, the solidity compiler commandline interface\nVersion: ${longVersion(version)}\n`);
    return 0;
  }
  if (!options.flags.has("--standard-json")) {
    throw new Error("only --version and --standard-json are answered");
  }

  const input = options.files.length > 0 ? fs.readFileSync(options.files[0], "utf8") : readAll(0);
  const compiler = load(COMPILERS[version].package);
  writeAll(1, compiler.compile(input, { import: importer(options) }));
  return 0;
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  writeAll(2, `Error: ${error.message}\n`);
  process.exitCode = 1;
}
