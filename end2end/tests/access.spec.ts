// axe on every page, light and dark.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { ADMIN_PAGES, choose, expect, expectStatus, go, logIn, type Page, submit, test } from "../support/test.ts";

test.use({ account: "watching" });

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Violation {
  id: string;
  help: string;
  nodes: { html: string; failureSummary?: string }[];
}

async function violations(page: Page): Promise<string[]> {
  // Through the debugger, so that the page's own policy for scripts stays as it is.
  await page.evaluate(axe);
  const found = await page.evaluate(() => (globalThis as unknown as { axe: { run: () => Promise<{ violations: Violation[] }> } }).axe.run());
  return found.violations.map((one) => `${one.id}: ${one.help}\n${one.nodes.map((node) => `  ${node.html.slice(0, 200)}`).join("\n")}`);
}

// Half-faded colours of an opening dialog are not what people read.
test.use({ contextOptions: { reducedMotion: "reduce" } });

for (const theme of ["light", "dark"] as const) {
  test(`no violation, ${theme}`, async ({ page, context, baseURL }) => {
    // Sixteen pages, each read by axe: as long as several other tests together.
    test.setTimeout(240_000);
    await context.addCookies([{ name: "theme", value: theme, url: baseURL! }]);
    await choose(page, "画图");
    await page.getByLabel("画面描述").fill("风景");
    const id = await submit(page);
    await expectStatus(page, "succeeded");
    const pages = ["/tasks", "/tasks/new", "/tasks/new?feature=6", "/tasks/new?feature=1&tab=batch", `/tasks/${id}`, "/apis", "/apis?feature=6", "/apis?custom=2", "/logs", "/logs?status=5xx", "/profile", "/profile?tab=keys", "/profile?tab=sessions", "/profile?tab=password", "/profile?tab=two-step", "/profile?tab=webhooks", "/nowhere", "/dashboard", "/dashboard?range=30d", "/ledger", "/ledger?kind=refund", "/recharge"];
    for (const path of pages) {
      await go(page, path);
      expect(await violations(page), path).toEqual([]);
    }
    await go(page, "/profile?tab=keys");
    await page.getByRole("button", { name: "新建密钥" }).first().click();
    await expect(page.getByRole("dialog")).toBeVisible();
    expect(await violations(page), "dialog").toEqual([]);
    await context.clearCookies({ name: "session" });
    await go(page, "/login");
    expect(await violations(page), "/login").toEqual([]);
  });
}

test("no violation in the administration", async ({ page, context, baseURL }) => {
  test.setTimeout(240_000);
  await context.clearCookies({ name: "session" });
  await logIn(context, "operator");
  for (const theme of ["light", "dark"]) {
    await context.addCookies([{ name: "theme", value: theme, url: baseURL! }]);
    for (const path of ADMIN_PAGES) {
      await go(page, path);
      expect(await violations(page), `${path} ${theme}`).toEqual([]);
    }
  }
});
