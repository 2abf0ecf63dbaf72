/** The icons that Django templates draw. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const folder = "../templates/ui/icons";

test.each(readdirSync(folder))("%s is drawn as in lucide-static", (name) => {
  const original = readFileSync(`node_modules/lucide-static/icons/${name}`, "utf8");
  for (const line of readFileSync(`${folder}/${name}`, "utf8").trim().split("\n")) {
    expect(original).toContain(line);
  }
});
