// Runs of the playground's mathematics for the tests: cases as JSON on standard input, results
// as JSON on standard output. `from` lists points that are each descended by one step alone.
import { readFileSync } from "node:fs";
import { asPython, criticalPoint, descend, makeObjective, rateLimit, verdict } from "../src/helpers/playground/playground.js";

const exact = (number) => (Number.isFinite(number) ? number : String(number));

const results = JSON.parse(readFileSync(0, "utf8")).map(({ scene, settings, from }) => {
  const objective = makeObjective(scene);
  if (from) return from.map((start) => descend(objective, start, settings, 1).points.at(-1));
  const run = descend(objective, settings.start, settings, settings.nSteps);
  const end = run.points.at(-1);
  return {
    points: run.points,
    values: run.values.map(exact),
    norms: run.norms.map(exact),
    verdict: verdict(run),
    critical: criticalPoint(objective, end),
    limit: rateLimit(scene.largest_curvature, settings),
    python: asPython(scene, settings),
  };
});
process.stdout.write(JSON.stringify(results));
