// One Python for all exercises of a page: its worker starts with the first run and is thrown away when something hangs.
export class Python {
  #address;
  #seconds;
  #worker = null;
  #running = 0;
  #last = Promise.resolve();

  // address: the folder of Pyodide, ending in a slash; seconds: how long a run may take once everything is loaded.
  constructor(address, seconds) {
    this.#address = address;
    this.#seconds = seconds;
  }

  // Whether a run would have to wait for another one.
  get busy() {
    return this.#running > 0;
  }

  // How the run ended: finished, stopped (by `signal`), late, unreachable or broken, with a detail for the last two.
  // Runs wait for each other; `tell` hears what the worker posts until then.
  run(packages, task, tell, signal) {
    this.#running += 1;
    this.#last = this.#last
      .then(() => signal.aborted ? { how: "stopped" } : this.#attempt(packages, task, tell, signal))
      .finally(() => { this.#running -= 1; });
    return this.#last;
  }

  #attempt(packages, task, tell, signal) {
    return new Promise((resolve) => {
      const worker = this.#worker ??= new Worker(new URL("worker.js", import.meta.url), { type: "module" });
      let timer;
      const end = (how, detail = null) => {
        clearTimeout(timer);
        worker.onmessage = worker.onerror = null;
        signal.removeEventListener("abort", stop);
        if (how !== "finished") {
          worker.terminate();
          this.#worker = null;
        }
        resolve({ how, detail });
      };
      const stop = () => end("stopped");
      signal.addEventListener("abort", stop);
      worker.onerror = (event) => end("broken", event.message);
      worker.onmessage = ({ data: [kind, value] }) => {
        if (["finished", "unreachable", "broken"].includes(kind)) return end(kind, value);
        if (kind === "running") timer = setTimeout(() => end("late"), this.#seconds * 1000);
        tell(kind, value);
      };
      worker.postMessage({ address: this.#address, packages, task });
    });
  }
}
