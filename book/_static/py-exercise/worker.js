// Python in a worker: loads Pyodide from the address it is given, runs one task at a time and posts what happens.
let loading;

async function load(address) {
  const { loadPyodide } = await import(`${address}pyodide.mjs`);
  const [python, harness] = await Promise.all([
    loadPyodide({ indexURL: address }),
    fetch(new URL("harness.py", import.meta.url)).then((answer) => answer.ok ? answer.text() : Promise.reject(answer.status)),
  ]);
  python.runPython(harness, { filename: "harness.py", globals: python.globals });
  return python;
}

async function fetchPackages(python, packages) {
  const missing = packages.filter((name) => !(name in python.loadedPackages));
  if (!missing.length) return;
  postMessage(["loading", missing.join(", ")]);
  await python.loadPackage(missing, { messageCallback() {}, errorCallback() {} });
  const absent = missing.filter((name) => !(name in python.loadedPackages));
  if (absent.length) throw new Error(`${absent.join(", ")} did not arrive`);
}

onmessage = async ({ data: { address, packages, task } }) => {
  let python;
  try {
    if (!loading) postMessage(["loading", "Python"]);
    python = await (loading ??= load(address));
    await fetchPackages(python, packages);
  } catch (error) {
    postMessage(["unreachable", String(error)]);
    return;
  }
  postMessage(["running", null]);
  try {
    const run = python.globals.get("run_json");
    run(JSON.stringify(task), (kind, value) => postMessage([kind, JSON.parse(value)]));
    run.destroy();
    postMessage(["finished", null]);
  } catch (error) {
    postMessage(["broken", String(error.message ?? error)]);
  }
};
