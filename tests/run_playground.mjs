// Runs of the playground's mathematics for the tests: cases as JSON on standard input, results
// as JSON on standard output. `from` lists points that are each descended by one step alone.
import { readFileSync } from "node:fs";
import { asPython, criticalPoint, descend, eigenvalues, makeObjective, namedRates, readSettings, restart, verdict } from "../src/helpers/playground/playground.js";

const exact = (number) => (Number.isFinite(number) ? number : String(number));

const results = JSON.parse(readFileSync(0, "utf8")).map(({ scene, traits, from }) => {
  const settings = readSettings({ get: (name) => traits[name] }, scene);
  const objective = makeObjective(scene, settings.kappa);
  if (from) return from.map((start) => descend(objective, start, settings, 1).points.at(-1));
  const run = descend(objective, settings.start, settings, settings.nSteps);
  const end = run.points.at(-1);
  return {
    points: run.points,
    values: run.values.map(exact),
    norms: run.norms.map(exact),
    verdict: verdict(run),
    critical: criticalPoint(objective, end),
    rates: namedRates(scene.quadratic ? eigenvalues(objective.hessian(end)) : null, settings),
    restarts: scene.restarts && restart(objective, scene, settings, settings.nSteps, 7, scene.restarts.count),
    python: asPython(scene, settings),
  };
});
process.stdout.write(JSON.stringify(results));
