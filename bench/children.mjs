import { fork, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { reasonOf } from "./failure.mjs";
import { pythonEnvironment } from "./python/environment.mjs";

const pathOf = (file) => fileURLToPath(new URL(file, import.meta.url));
const answerLimit = 300_000;

/** A Python process made to look like a forked one: a JSON value a line in both directions. */
function spawnPython(file, args, { python, env }) {
  const child = spawn(python, [pathOf(file), ...args], {
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...pythonEnvironment(), ...env },
  });
  child.stdin.on("error", () => {}); // the process's end is reported by its exit
  child.send = (request, done) => child.stdin.write(`${JSON.stringify(request)}\n`, done);
  createInterface({ input: child.stdout }).on("line", (line) => child.emit("message", JSON.parse(line)));
  return child;
}

function forkNode(file, args, { node, env, flags }) {
  return fork(pathOf(file), args, {
    execPath: node,
    execArgv: flags,
    env: { ...process.env, ...env },
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
}

/** A process that works when it is asked and blocks otherwise. */
export class Child {
  #process;
  #errors = "";

  constructor(file, args, host) {
    this.#process = file.endsWith(".py") ? spawnPython(file, args, host) : forkNode(file, args, host);
    this.#process.stderr.on("data", (text) => {
      this.#errors = (this.#errors + text).slice(-4000);
    });
  }

  ask(request) {
    const child = this.#process;
    return new Promise((resolve, reject) => {
      const settle = (finish, value) => {
        clearTimeout(timer);
        child.removeAllListeners("message").removeAllListeners("exit").removeAllListeners("error");
        finish(value);
      };
      const timer = setTimeout(() => settle(reject, new Error(`no answer in ${answerLimit / 1000} s`)), answerLimit);
      child.once("exit", (code, signal) =>
        settle(reject, new Error(`process ended (${signal ?? code}): ${reasonOf(this.#errors)}`)),
      );
      child.once("error", (error) => settle(reject, error));
      child.once("message", (answer) =>
        answer.failure ? settle(reject, new Error(answer.failure)) : settle(resolve, answer),
      );
      child.send(request, (error) => error && settle(reject, error));
    });
  }

  end() {
    this.#process.kill();
  }
}
